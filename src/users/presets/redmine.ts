import { definePreset } from '../preset.ts';

export const redmine = definePreset('redmine', {
  title: 'Redmine',
  evidence: 'real login: Redmine 5.0 on SQLite; source of Redmine 7, which still knows salted SHA-1 alone',
  table: 'users',
  columns: {
    id: 'id',
    email: 'address',
    name: 'firstname',
    username: 'login',
    password: { hash: 'hashed_password', salt: 'salt' },
    locale: 'language',
    changedAt: 'passwd_changed_on',
  },
  isChangedAtExact: true,
  optional: ['firstname', 'language', 'passwd_changed_on', 'must_change_passwd'],
  emailIn: { table: 'email_addresses', local: 'id', foreign: 'user_id', where: { is_default: true } },
  activeWhen: { status: 1 },
  refuseWhen: [
    { when: { type: { noneOf: ['User', null] } }, because: 'this row is a group or the anonymous user' },
    { when: { auth_source_id: { not: null } }, because: 'the user signs in through LDAP' },
  ],
  hashFormat: 'redmine',
  onReset: [
    { set: { must_change_passwd: false } },
    { delete: 'tokens', where: { user_id: '{id}', action: 'session' }, sessions: true },
    { delete: 'tokens', where: { user_id: '{id}', action: 'autologin' } },
    { delete: 'tokens', where: { user_id: '{id}', action: 'recovery' } },
  ],
  advice: ['API access keys and feed keys stay good.'],
  marks: [{ columns: ['auth_source_id'] }],
});
