import { definePreset } from '../preset/preset.ts';

export const freescout = definePreset('freescout', {
  title: 'FreeScout',
  evidence: 'source: app/User.php and LogoutIfDeleted.php of FreeScout 1.8',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'first_name', password: 'password', changedAt: 'updated_at' },
  optional: ['first_name', 'updated_at', 'remember_token', 'status', 'type'],
  activeWhen: { status: 1 },
  refuseWhen: [{ when: { type: { noneOf: [1, null] } }, because: 'this row is a robot' }],
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
  marks: [{ columns: ['invite_state', 'invite_hash'] }],
});
