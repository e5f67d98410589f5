import { sharedTable } from '../access/entries.ts';
import type { OnResetStep } from '../columns/rules.ts';
import { definePreset } from '../preset/preset.ts';

const meta = sharedTable('{p}usermeta', { user_id: '{id}' }, 'meta_key');
const deleteMeta = (meta_key: string): OnResetStep => ({
  delete: '{p}usermeta',
  where: { user_id: '{id}', meta_key },
});

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
    meta('totp', '_two_factor_totp_key', {
      name: 'Two Factor',
      end: [
        '_two_factor_totp_key',
        '_two_factor_totp_last_successful_login',
        '_two_factor_enabled_providers',
        '_two_factor_provider',
      ].map(deleteMeta),
      beyond: 'The other methods of the plugin Two Factor are off with it, too.',
    }),
    meta('recovery-codes', '_two_factor_backup_codes', { name: 'Two Factor', isOne: true }),
    meta('session', 'session_tokens', { isOne: true, reset: 'steps' }),
    meta('api-token', '_application_passwords', { name: 'application passwords', isOne: true }),
  ],
  onReset: [{ set: { user_activation_key: '' } }, deleteMeta('default_password_nag')],
  advice: [
    'With a persistent object cache (Redis, Memcached) the old password stays good until: wp cache flush',
    'Application passwords stay good; remove them in the profile of the user.',
  ],
  marks: [{ columns: ['user_activation_key'], tables: ['{p}usermeta'] }],
});
