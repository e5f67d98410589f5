import { LARAVEL_APPLICATION } from '../frameworks/laravel.ts';
import { definePreset } from '../preset/preset.ts';

export const snipeIt = definePreset('snipe-it', {
  title: 'Snipe-IT',
  evidence: 'source: the login and reset controllers of Snipe-IT 8',
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'first_name',
    username: 'username',
    password: 'password',
    changedAt: 'updated_at',
  },
  optional: ['first_name', 'updated_at', 'remember_token', 'deleted_at'],
  activeWhen: { activated: true, deleted_at: null },
  refuseWhen: [{ when: { ldap_import: true }, because: 'the user signs in through LDAP' }],
  ...LARAVEL_APPLICATION,
  marks: [{ columns: ['activated', 'ldap_import', 'employee_num'] }],
});
