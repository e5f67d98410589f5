import { definePreset } from '../preset.ts';

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
  onReset: [
    { set: { user_activation_key: '' } },
    { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: 'session_tokens' }, sessions: true },
    { delete: '{p}usermeta', where: { user_id: '{id}', meta_key: 'default_password_nag' } },
  ],
  advice: [
    'With a persistent object cache (Redis, Memcached) the old password stays good until: wp cache flush',
    'Application passwords stay good; remove them in the profile of the user.',
  ],
  marks: [{ columns: ['user_activation_key'], tables: ['{p}usermeta'] }],
});
