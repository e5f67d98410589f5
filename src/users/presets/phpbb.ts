import { definePreset } from '../preset.ts';

export const phpbb = definePreset('phpbb', {
  title: 'phpBB 3.3 and 4; another table prefix: set users.table to PREFIXusers',
  evidence: "real hasher: phpBB's password manager, both ways",
  prefix: 'phpbb_',
  table: '{p}users',
  columns: {
    id: 'user_id',
    email: 'user_email',
    name: 'username',
    username: 'username',
    password: 'user_password',
    locale: 'user_lang',
    changedAt: 'user_passchg',
  },
  changedAtAs: 's',
  isChangedAtExact: true,
  optional: ['user_lang', 'user_login_attempts', 'reset_token', 'reset_token_expiration'],
  // 0 is a member, 3 a founder; 1 is inactive, 2 a robot
  activeWhen: { user_type: { oneOf: [0, 3] } },
  hashFormat: 'argon2',
  hashParameters: { memoryKiB: 65536, passes: 4, lanes: 2 },
  passwordTransform: 'phpbb',
  onReset: [
    { set: { user_login_attempts: 0, reset_token: '', reset_token_expiration: 0 } },
    { delete: '{p}sessions_keys', where: { user_id: '{id}' } },
    { delete: '{p}sessions', where: { session_user_id: '{id}' }, sessions: true },
  ],
  marks: [{ columns: ['user_passchg', 'user_type'] }],
  example: {
    tables: {
      '{p}users': {
        user_id: 'increments',
        user_email: 'string:100',
        username: 'string:255',
        user_password: 'string:255',
        user_lang: 'string:30',
        user_type: 'integer',
        user_passchg: 'integer',
        user_login_attempts: 'integer',
        reset_token: 'string:64',
        reset_token_expiration: 'integer',
      },
      '{p}sessions_keys': { key_id: 'string:32', user_id: 'integer' },
      '{p}sessions': { session_id: 'string:32', session_user_id: 'integer' },
    },
    rows: {
      '{p}users': [
        {
          user_id: 2,
          user_email: 'susan@example.com',
          username: 'Susan',
          user_password: '{password}',
          user_lang: 'en',
          user_type: 3,
          user_passchg: 0,
          user_login_attempts: 4,
          reset_token: 'token',
          reset_token_expiration: 99,
        },
      ],
      '{p}sessions_keys': [{ user_id: 2 }, { user_id: 3 }],
      '{p}sessions': [{ session_user_id: 2 }, { session_user_id: 3 }],
    },
  },
});
