<?php
// The password hashers of PHP, Laravel and Symfony, as their applications call them. A question on standard input:
// {"hasher": "php", "password": "…"} answers {"hash": "…"}; with "hash" in it {"accepted": true, "rehash": false}.

use Illuminate\Hashing\BcryptHasher;
use Symfony\Component\PasswordHasher\Hasher\PasswordHasherFactory;

$question = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$password = $question['password'];

switch ($question['hasher']) {
    case 'php':
        $make = fn () => password_hash($password, PASSWORD_DEFAULT);
        $check = fn (string $hash) => password_verify($password, $hash);
        $rehash = fn (string $hash) => password_needs_rehash($hash, PASSWORD_DEFAULT);
        break;
    case 'laravel':
        require_once 'Illuminate/Hashing/autoload.php';
        $hasher = new BcryptHasher(['rounds' => 12, 'verify' => true]);
        $make = fn () => $hasher->make($password);
        $check = fn (string $hash) => $hasher->check($password, $hash);
        $rehash = fn (string $hash) => $hasher->needsRehash($hash);
        break;
    case 'symfony':
        require_once 'Symfony/Component/PasswordHasher/autoload.php';
        $hasher = (new PasswordHasherFactory(['user' => ['algorithm' => 'auto']]))->getPasswordHasher('user');
        $make = fn () => $hasher->hash($password);
        $check = fn (string $hash) => $hasher->verify($hash, $password);
        $rehash = fn (string $hash) => $hasher->needsRehash($hash);
        break;
    default:
        throw new InvalidArgumentException($question['hasher']);
}

echo json_encode(
    isset($question['hash'])
        ? ['accepted' => $check($question['hash']), 'rehash' => $rehash($question['hash'])]
        : ['hash' => $make()],
    JSON_THROW_ON_ERROR
);
