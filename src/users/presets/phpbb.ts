import { endedRows, failedSignIns } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/phpbb/phpbb: phpBB/phpbb/auth/provider/db.php@040fc6d (user_login_attempts: a captcha, not a lock) and
  // phpBB/phpbb/session.php@00a0e63 (set_login_key changes last_login with each use; reset_login_keys)
  access: [
    endedRows(
      'session',
      '{p}sessions',
      { session_user_id: '{id}' },
      { since: { column: 'session_start', as: 's' } },
    ),
    endedRows('remember-me', '{p}sessions_keys', { user_id: '{id}' }),
    failedSignIns('user_login_attempts'),
  ],
  onReset: [{ set: { reset_token: '', reset_token_expiration: 0 } }],
  marks: [{ columns: ['user_passchg', 'user_type'] }],
});
