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
  marks: [{ columns: ['user_activation_key'] }],
  example: {
    tables: {
      '{p}users': {
        ID: 'increments',
        user_email: 'string:100',
        display_name: 'string:250',
        user_login: 'string:60',
        user_pass: 'string:255',
        user_activation_key: 'string:255',
      },
      '{p}usermeta': {
        umeta_id: 'increments',
        user_id: 'integer',
        meta_key: 'string:255',
        meta_value: 'text',
      },
    },
    rows: {
      '{p}users': [
        {
          ID: 1,
          user_email: 'susan@example.com',
          display_name: 'Susan',
          user_login: 'susan',
          user_pass: '{password}',
          user_activation_key: 'key',
        },
      ],
      '{p}usermeta': [
        { user_id: 1, meta_key: 'session_tokens', meta_value: 'a' },
        { user_id: 1, meta_key: 'nickname', meta_value: 'sue' },
        { user_id: 2, meta_key: 'session_tokens', meta_value: 'b' },
      ],
    },
  },
});
