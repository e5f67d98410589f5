<?php
// A site of Laravel's framework: its kernel with sessions in its own table, its guard, its password broker; the pages
// are as the starter kits have them. php laravel_site.php PORT DATABASE DRIVER TIMEZONE, the user in PEER_*. It makes
// the tables, then becomes PHP's web server with itself as the router.

use Illuminate\Auth\AuthServiceProvider;
use Illuminate\Auth\Passwords\PasswordResetServiceProvider;
use Illuminate\Config\Repository;
use Illuminate\Cookie\CookieServiceProvider;
use Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse;
use Illuminate\Cookie\Middleware\EncryptCookies;
use Illuminate\Database\DatabaseServiceProvider;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Encryption\EncryptionServiceProvider;
use Illuminate\Filesystem\FilesystemServiceProvider;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Auth\User as Authenticatable;
use Illuminate\Foundation\Bootstrap\BootProviders;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Hashing\HashServiceProvider;
use Illuminate\Http\Request;
use Illuminate\Session\Middleware\StartSession;
use Illuminate\Session\SessionServiceProvider;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Facade;
use Illuminate\Support\Facades\Hash;
use Illuminate\Support\Facades\Password;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\Facades\Schema;
use Illuminate\Translation\TranslationServiceProvider;
use Illuminate\Validation\ValidationServiceProvider;
use Illuminate\View\ViewServiceProvider;

error_reporting(E_ALL & ~E_DEPRECATED);
require_once 'Illuminate/autoload.php';

if (PHP_SAPI === 'cli') {
    [, $port, $database, $driver, $zone] = $argv;
    foreach (['PEER_DATABASE' => $database, 'PEER_DRIVER' => $driver, 'PEER_ZONE' => $zone] as $name => $value) {
        putenv("$name=$value");
    }
    touch($database);
}

class User extends Authenticatable
{
    protected $guarded = [];
}

class Site extends Kernel
{
    protected $bootstrappers = [BootProviders::class];
    protected $middlewareGroups = [
        'web' => [EncryptCookies::class, AddQueuedCookiesToResponse::class, StartSession::class, VerifyCsrfToken::class],
    ];
}

$folder = dirname(getenv('PEER_DATABASE'));
date_default_timezone_set(getenv('PEER_ZONE')); // as app.timezone does
$argon = ['memory' => 65536, 'threads' => 1, 'time' => 4, 'verify' => true];
$app = new Application($folder);
$app->instance('config', new Repository([
    'app' => [
        'key' => 'base64:' . base64_encode(hash('sha256', getenv('PEER_SECRET'), true)),
        'cipher' => 'AES-256-CBC',
        'locale' => 'en',
        'fallback_locale' => 'en',
        'debug' => true,
    ],
    'auth' => [
        'defaults' => ['guard' => 'web', 'passwords' => 'users'],
        'guards' => ['web' => ['driver' => 'session', 'provider' => 'users']],
        'providers' => ['users' => ['driver' => 'eloquent', 'model' => User::class]],
        'passwords' => [
            'users' => ['provider' => 'users', 'table' => 'password_resets', 'expire' => 60, 'throttle' => 0],
        ],
    ],
    'database' => [
        'default' => 'sqlite',
        'connections' => ['sqlite' => ['driver' => 'sqlite', 'database' => getenv('PEER_DATABASE'), 'prefix' => '']],
    ],
    'hashing' => ['driver' => getenv('PEER_DRIVER'), 'bcrypt' => ['rounds' => 10, 'verify' => true], 'argon' => $argon],
    'session' => [
        'driver' => 'database',
        'table' => 'sessions',
        'lifetime' => 120,
        'expire_on_close' => false,
        'lottery' => [0, 100],
        'cookie' => 'laravel_session',
        'path' => '/',
        'domain' => null,
        'secure' => null,
        'http_only' => true,
        'same_site' => 'lax',
    ],
    'view' => ['paths' => [], 'compiled' => $folder],
]));
Facade::setFacadeApplication($app);
foreach ([
    FilesystemServiceProvider::class, EncryptionServiceProvider::class, DatabaseServiceProvider::class,
    HashServiceProvider::class, CookieServiceProvider::class, SessionServiceProvider::class,
    TranslationServiceProvider::class, ValidationServiceProvider::class, ViewServiceProvider::class,
    AuthServiceProvider::class, PasswordResetServiceProvider::class,
] as $provider) {
    $app->register($provider);
}
$app->singleton(Illuminate\Contracts\Http\Kernel::class, Site::class);
$app->singleton(Illuminate\Contracts\Debug\ExceptionHandler::class, Handler::class);
$kernel = $app->make(Illuminate\Contracts\Http\Kernel::class);
$kernel->bootstrap();
$app['db']->connection()->getPdo()->exec('pragma busy_timeout = 5000');

if (PHP_SAPI === 'cli') {
    Schema::create('users', function (Blueprint $table) {
        $table->id();
        $table->string('name');
        $table->string('email')->unique();
        $table->timestamp('email_verified_at')->nullable();
        $table->string('password');
        $table->rememberToken();
        $table->timestamps();
    });
    Schema::create('password_resets', function (Blueprint $table) {
        $table->string('email')->index();
        $table->string('token');
        $table->timestamp('created_at')->nullable();
    });
    Schema::create('sessions', function (Blueprint $table) { // as `artisan session:table` writes it
        $table->string('id')->primary();
        $table->foreignId('user_id')->nullable()->index();
        $table->string('ip_address', 45)->nullable();
        $table->text('user_agent')->nullable();
        $table->text('payload');
        $table->integer('last_activity')->index();
    });
    User::create([
        'name' => getenv('PEER_NAME'),
        'email' => getenv('PEER_EMAIL'),
        'password' => Hash::make(getenv('PEER_PASSWORD')),
    ]);
    pcntl_exec(PHP_BINARY, ['-d', 'display_errors=0', '-S', "127.0.0.1:$port", __FILE__], getenv());
}

$form = fn (string $action, string $fields) =>
    "<p>" . e(session('errors')) . "</p><form method='POST' action='$action'>"
    . '<input type="hidden" name="_token" value="' . csrf_token() . "\">$fields<button>Go on</button></form>";

Route::middleware('web')->group(function () use ($form) {
    Route::get('/login', fn () => $form('/login', "<input type='email' name='email'><input type='password' name='password'>"));
    Route::post('/login', function (Request $request) {
        if (!Auth::attempt($request->only('email', 'password'), true)) {
            return response('These credentials do not match our records.', 422);
        }
        $request->session()->regenerate();
        return redirect('/');
    });
    Route::get('/', fn () => Auth::check() ? Auth::user()->email : response('', 401));
    Route::get('/own-token', fn () => Password::createToken(User::first()));
    Route::get('/reset-password/{token}', fn (Request $request, string $token) => $form('/reset-password',
        "<input type='hidden' name='token' value='$token'><input type='email' name='email' value='" . e($request->email)
        . "'><input type='password' name='password'><input type='password' name='password_confirmation'>"));
    Route::post('/reset-password', function (Request $request) {
        $credentials = $request->only('email', 'password', 'password_confirmation', 'token');
        $status = Password::reset($credentials, function ($user, $password) {
            $user->forceFill(['password' => Hash::make($password)])->save();
        });
        return $status === Password::PASSWORD_RESET
            ? redirect('/login')
            : back()->with('errors', "The broker says: $status");
    });
});

$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
