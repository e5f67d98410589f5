<?php
// A site of Laravel's own parts: the password broker with its token repository, the Eloquent user provider, the hash
// manager; the pages are as the starter kits have them. php laravel_site.php PORT DATABASE DRIVER TIMEZONE, the user in
// PEER_*. It makes the tables, then becomes PHP's web server with itself as the router.

use Illuminate\Auth\Authenticatable;
use Illuminate\Auth\EloquentUserProvider;
use Illuminate\Auth\Passwords\CanResetPassword;
use Illuminate\Auth\Passwords\DatabaseTokenRepository;
use Illuminate\Auth\Passwords\PasswordBroker;
use Illuminate\Contracts\Auth\Authenticatable as AuthenticatableContract;
use Illuminate\Contracts\Auth\CanResetPassword as CanResetPasswordContract;
use Illuminate\Database\Capsule\Manager;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Hashing\HashManager;

error_reporting(E_ALL & ~E_DEPRECATED);
require_once 'Illuminate/Auth/autoload.php';
require_once 'Illuminate/Database/autoload.php';
require_once 'Illuminate/Hashing/autoload.php';

if (PHP_SAPI === 'cli') {
    [, $port, $database, $driver, $zone] = $argv;
    foreach (['PEER_DATABASE' => $database, 'PEER_DRIVER' => $driver, 'PEER_ZONE' => $zone] as $name => $value) {
        putenv("$name=$value");
    }
    touch($database);
}
date_default_timezone_set(getenv('PEER_ZONE')); // app.timezone

$capsule = new Manager;
$capsule->addConnection(['driver' => 'sqlite', 'database' => getenv('PEER_DATABASE')]);
$capsule->setAsGlobal();
$capsule->bootEloquent();
$capsule->getConnection()->getPdo()->exec('pragma busy_timeout = 5000');

class User extends Model implements AuthenticatableContract, CanResetPasswordContract
{
    use Authenticatable, CanResetPassword;
    protected $guarded = [];
}

$container = $capsule->getContainer();
$argon = ['memory' => 65536, 'threads' => 1, 'time' => 4, 'verify' => true];
$container['config']['hashing.driver'] = getenv('PEER_DRIVER');
$container['config']['hashing.bcrypt'] = ['rounds' => 10, 'verify' => true];
$container['config']['hashing.argon'] = $argon;
$hasher = new HashManager($container);
$tokens = new DatabaseTokenRepository(
    $capsule->getConnection(), $hasher, 'password_resets', 'the key of this site', 60, 0
);
$broker = new PasswordBroker($tokens, new EloquentUserProvider($hasher, User::class));

if (PHP_SAPI === 'cli') {
    $schema = Manager::schema();
    $schema->create('users', function (Blueprint $table) {
        $table->id();
        $table->string('name');
        $table->string('email')->unique();
        $table->string('password');
        $table->rememberToken();
        $table->timestamps();
    });
    $schema->create('password_resets', function (Blueprint $table) {
        $table->string('email')->index();
        $table->string('token');
        $table->timestamp('created_at')->nullable();
    });
    User::create([
        'name' => getenv('PEER_NAME'),
        'email' => getenv('PEER_EMAIL'),
        'password' => $hasher->make(getenv('PEER_PASSWORD')),
    ]);
    pcntl_exec(PHP_BINARY, ['-d', 'display_errors=0', '-S', "127.0.0.1:$port", __FILE__], getenv());
}

session_save_path(dirname(getenv('PEER_DATABASE')));
session_start();
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$isPost = $_SERVER['REQUEST_METHOD'] === 'POST';

if ($path === '/login' && $isPost) {
    $user = User::where('email', $_POST['email'])->first();
    if ($user && $hasher->check($_POST['password'], $user->password)) {
        $_SESSION['user'] = $user->id;
        header('Location: /', true, 302);
    } else {
        http_response_code(422);
        echo 'These credentials do not match our records.';
    }
} elseif ($path === '/') {
    http_response_code(isset($_SESSION['user']) ? 200 : 401);
} elseif ($path === '/own-token') {
    echo $broker->createToken(User::first());
} elseif (preg_match('#^/reset-password/(\w+)$#', $path, $found) && !$isPost) {
    $email = htmlspecialchars($_GET['email'] ?? '');
    $errors = htmlspecialchars($_SESSION['errors'] ?? '');
    unset($_SESSION['errors']);
    echo "<p>$errors</p><form method='POST' action='/reset-password'><input type='hidden' name='token' value='$found[1]'>
        <input type='email' name='email' value='$email'><input type='password' name='password'>
        <input type='password' name='password_confirmation'><button>Reset Password</button></form>";
} elseif ($path === '/reset-password' && $isPost) {
    $credentials = array_intersect_key($_POST, array_flip(['email', 'password', 'password_confirmation', 'token']));
    unset($credentials['password_confirmation']);
    $status = $broker->reset($credentials, function ($user, $password) use ($hasher) {
        $user->forceFill(['password' => $hasher->make($password)])->save();
    });
    $_SESSION['errors'] = $status === PasswordBroker::PASSWORD_RESET ? '' : "The broker says: $status";
    header('Location: ' . ($_SESSION['errors'] === '' ? '/login' : $_SERVER['HTTP_REFERER']), true, 302);
} else {
    http_response_code(404);
}
