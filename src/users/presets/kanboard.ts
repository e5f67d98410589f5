import { definePreset } from '../preset/preset.ts';
import { NAMED } from '../preset/usual-columns.ts';

export const kanboard = definePreset('kanboard', {
  title: 'Kanboard',
  evidence: 'source: DatabaseAuth.php and UserModel.php of Kanboard 1.2',
  table: 'users',
  columns: { ...NAMED, password: 'password', locale: 'language' },
  optional: ['name', 'language', 'is_active', 'nb_failed_login', 'lock_expiration_date'],
  activeWhen: { is_active: 1 },
  refuseWhen: [
    { when: { is_ldap_user: 1 }, because: 'the user signs in through LDAP' },
    { when: { disable_login_form: 1 }, because: 'the login form is disabled for this user' },
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { nb_failed_login: 0, lock_expiration_date: 0 } },
    { delete: 'password_reset', where: { user_id: '{id}' } },
    { delete: 'remember_me', where: { user_id: '{id}' } },
  ],
  advice: ['Sessions in files, or in the table sessions, name no user and stay good until they expire.'],
  marks: [{ columns: ['is_ldap_user', 'disable_login_form'], tables: ['remember_me'] }],
});
