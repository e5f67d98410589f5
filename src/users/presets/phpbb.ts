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
});
