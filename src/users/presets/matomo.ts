import { definePreset } from '../preset/preset.ts';

export const matomo = definePreset('matomo', {
  title: 'Matomo 3.6 and later; another table prefix: set users.table to PREFIXuser',
  evidence: 'source: Password.php, UsersManager.php and SessionAuth.php of Matomo 5.2',
  prefix: 'matomo_',
  table: '{p}user',
  columns: {
    id: 'login',
    email: 'email',
    name: 'login',
    username: 'login',
    password: 'password',
    changedAt: 'ts_password_modified',
  },
  isChangedAtExact: true,
  optional: ['invite_token'],
  // who has not accepted the invitation has no password yet
  activeWhen: { invite_token: null },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  // password_hash(md5(password))
  prehash: 'md5',
  // Sessions that began before ts_password_modified are refused.
  sessionsEndWithHash: true,
  advice: ['Tokens for the reporting API stay good.'],
  marks: [{ columns: ['ts_password_modified', 'superuser_access'] }],
});
