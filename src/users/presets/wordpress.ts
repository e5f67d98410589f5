import { definePreset } from '../preset/preset.ts';

export const wordpress = definePreset('wordpress', {
  title: 'WordPress; another table prefix: set users.table to PREFIXusers',
  evidence: 'real login: WordPress 6.1 and 7.1 on MariaDB, through wp-login.php',
  prefix: 'wp_',
  table: '{p}users',
  columns: {
    id: 'ID',
    email: 'user_email',
    name: 'display_name',
    username: 'user_login',
    password: 'user_pass',
  },
  // only on a network of sites
  optional: ['spam', 'deleted'],
  // always 0: nothing has used it for years
  harmless: ['user_status'],
  activeWhen: { spam: 0, deleted: 0 },
  // Rows keep their own format; plain bcrypt is what every version accepts.
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  passwordTransform: 'wp-slash',
  maxLength: 4096,
  // https://github.com/WordPress/two-factor/tree/master: class-two-factor-core.php, providers/class-two-factor-totp.php and
  // class-two-factor-backup-codes.php; wp-includes/class-wp-application-passwords.php. Of its list of methods SQL can only
  // take all: with one left that has no key, the plugin would mail a code instead.
  access: [
    {
      kind: 'totp',
      name: 'Two Factor',
      table: '{p}usermeta',
      where: { user_id: '{id}', meta_key: '_two_factor_totp_key' },
      end: [
        { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: '_two_factor_totp_key' } },
        {
          delete: '{p}usermeta',
          where: { user_id: '{id}', meta_key: '_two_factor_totp_last_successful_login' },
        },
        { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: '_two_factor_enabled_providers' } },
        { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: '_two_factor_provider' } },
      ],
      beyond: 'The other methods of the plugin Two Factor are off with it, too.',
    },
    {
      kind: 'recovery-codes',
      name: 'Two Factor',
      table: '{p}usermeta',
      where: { user_id: '{id}', meta_key: '_two_factor_backup_codes' },
      isOne: true,
    },
    {
      kind: 'session',
      table: '{p}usermeta',
      where: { user_id: '{id}', meta_key: 'session_tokens' },
      isOne: true,
      reset: 'steps',
    },
    {
      kind: 'api-token',
      name: 'application passwords',
      table: '{p}usermeta',
      where: { user_id: '{id}', meta_key: '_application_passwords' },
      isOne: true,
    },
  ],
  onReset: [
    { set: { user_activation_key: '' } },
    { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: 'default_password_nag' } },
  ],
  advice: [
    'With a persistent object cache (Redis, Memcached) the old password stays good until: wp cache flush',
    'Application passwords stay good; remove them in the profile of the user.',
  ],
  marks: [{ columns: ['user_activation_key'], tables: ['{p}usermeta'] }],
});
