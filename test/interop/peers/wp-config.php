<?php
// Everything that differs from site to site comes from the environment of `php -S`.
define('DB_NAME', getenv('PEER_DB_NAME'));
define('DB_USER', getenv('PEER_DB_USER'));
define('DB_PASSWORD', getenv('PEER_DB_PASSWORD'));
define('DB_HOST', getenv('PEER_DB_HOST'));
define('DB_CHARSET', 'utf8mb4');
define('WP_HOME', getenv('PEER_ORIGIN'));
define('WP_SITEURL', getenv('PEER_ORIGIN'));
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define($name . '_KEY', $name . ' key of this site');
    define($name . '_SALT', $name . ' salt of this site');
}
// The server answers one request at a time: a site that calls itself would wait for ever.
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
