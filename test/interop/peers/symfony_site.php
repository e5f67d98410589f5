<?php
// A site of Symfony's framework and security bundles: its firewall, its form login, its hasher; the table is as the
// MakerBundle makes it. php symfony_site.php PORT DATABASE, the user in PEER_*. It makes the table, then becomes PHP's
// web server with itself as the router.

use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\SecurityBundle\SecurityBundle;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Kernel;
use Symfony\Component\PasswordHasher\Hasher\UserPasswordHasherInterface;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
use Symfony\Component\Security\Core\Exception\UserNotFoundException;
use Symfony\Component\Security\Core\Security;
use Symfony\Component\Security\Core\User\PasswordAuthenticatedUserInterface;
use Symfony\Component\Security\Core\User\UserInterface;
use Symfony\Component\Security\Core\User\UserProviderInterface;
use Symfony\Component\Security\Csrf\CsrfTokenManagerInterface;

error_reporting(E_ALL & ~E_DEPRECATED);
require_once 'Symfony/Bundle/FrameworkBundle/autoload.php';
require_once 'Symfony/Bundle/SecurityBundle/autoload.php';
require_once 'Symfony/Component/Security/Csrf/autoload.php';

if (PHP_SAPI === 'cli') {
    [, $port, $database] = $argv;
    putenv("PEER_DATABASE=$database");
}

function database(): PDO
{
    $pdo = new PDO('sqlite:' . getenv('PEER_DATABASE'), null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $pdo->exec('pragma busy_timeout = 5000');
    return $pdo;
}

final class User implements UserInterface, PasswordAuthenticatedUserInterface
{
    public function __construct(private array $row)
    {
    }

    public function getUserIdentifier(): string
    {
        return $this->row['email'];
    }

    public function getUsername(): string
    {
        return $this->row['email'];
    }

    public function getRoles(): array
    {
        return [...json_decode($this->row['roles']), 'ROLE_USER'];
    }

    public function getPassword(): string
    {
        return $this->row['password'];
    }

    public function getSalt(): ?string
    {
        return null;
    }

    public function eraseCredentials(): void
    {
    }
}

final class Users implements UserProviderInterface
{
    public function loadUserByIdentifier(string $identifier): UserInterface
    {
        $query = database()->prepare('select * from user where email = ?');
        $query->execute([$identifier]);
        return new User($query->fetch(PDO::FETCH_ASSOC) ?: throw new UserNotFoundException);
    }

    public function loadUserByUsername(string $username): UserInterface
    {
        return $this->loadUserByIdentifier($username);
    }

    public function refreshUser(UserInterface $user): UserInterface
    {
        return $this->loadUserByIdentifier($user->getUserIdentifier());
    }

    public function supportsClass(string $class): bool
    {
        return $class === User::class;
    }
}

final class Site extends Kernel
{
    use MicroKernelTrait;

    public function registerBundles(): iterable
    {
        return [new FrameworkBundle, new SecurityBundle];
    }

    public function getProjectDir(): string
    {
        return dirname(getenv('PEER_DATABASE'));
    }

    protected function configureContainer(ContainerConfigurator $container): void
    {
        $container->extension('framework', [
            'secret' => getenv('PEER_SECRET'),
            'session' => ['storage_factory_id' => 'session.storage.factory.native', 'cookie_samesite' => 'lax'],
            'csrf_protection' => true,
        ]);
        $container->extension('security', [
            'enable_authenticator_manager' => true,
            'password_hashers' => [PasswordAuthenticatedUserInterface::class => 'auto'],
            'providers' => ['users' => ['id' => Users::class]],
            'firewalls' => [
                'main' => [
                    'provider' => 'users',
                    'form_login' => ['login_path' => '/login', 'check_path' => '/login', 'enable_csrf' => true],
                    'remember_me' => ['secret' => getenv('PEER_SECRET'), 'always_remember_me' => true],
                ],
            ],
        ]);
        $container->services()->set(Users::class, Users::class)->public();
        $container->services()->alias('hasher', UserPasswordHasherInterface::class)->public();
        $container->services()->alias('people', Security::class)->public();
        $container->services()->alias('csrf', CsrfTokenManagerInterface::class)->public();
    }

    protected function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('login', '/login')->controller([$this, 'login']);
        $routes->add('home', '/')->controller([$this, 'home']);
    }

    public function login(Request $request): Response
    {
        $error = $request->getSession()->remove(Security::AUTHENTICATION_ERROR);
        $token = $this->container->get('csrf')->getToken('authenticate');
        return new Response("<p>" . $error?->getMessageKey() . "</p><form method='post'>"
            . "<input type=\"hidden\" name=\"_csrf_token\" value=\"$token\"><input name='_username'>"
            . "<input type='password' name='_password'><button>Sign in</button></form>");
    }

    public function home(): Response
    {
        $user = $this->container->get('people')->getUser();
        return new Response($user?->getUserIdentifier() ?? '', $user === null ? 401 : 200);
    }
}

$site = new Site('prod', false);
if (PHP_SAPI === 'cli') {
    $site->boot();
    database()->exec('create table user (id integer primary key autoincrement not null,
        email varchar(180) not null unique, roles clob not null, password varchar(255) not null)');
    $hash = $site->getContainer()->get('hasher')->hashPassword(new User([]), getenv('PEER_PASSWORD'));
    database()->prepare("insert into user (email, roles, password) values (?, '[]', ?)")
        ->execute([getenv('PEER_EMAIL'), $hash]);
    pcntl_exec(PHP_BINARY, ['-d', 'display_errors=0', '-d', 'session.save_path=' . dirname($database),
        '-S', "127.0.0.1:$port", __FILE__], getenv());
}
$response = $site->handle($request = Request::createFromGlobals());
$response->send();
$site->terminate($request, $response);
