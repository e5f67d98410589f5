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
  hashFormat: 'bcrypt',
  // as Laravel, whose hasher throws at every other prefix
  hashParameters: { prefix: '2y', cost: 10 },
  onReset: [
    { set: { remember_token: { random: 60 } } },
    { delete: 'password_resets', where: { email: '{email}' } },
    { delete: 'sessions', where: { user_id: '{id}' }, sessions: true },
  ],
  advice: [
    'Sessions in files or Redis stay good until they expire.',
    { text: 'API tokens of the user stay good.', table: 'oauth_access_tokens' },
  ],
  refines: 'laravel',
  marks: [{ columns: ['activated', 'ldap_import', 'employee_num'] }],
});
