import { definePreset } from '../preset/preset.ts';

export const fireflyIii = definePreset('firefly-iii', {
  title: 'Firefly III',
  evidence: 'source: Authenticate.php of Firefly III 6',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'password', changedAt: 'updated_at' },
  optional: ['updated_at', 'remember_token'],
  activeWhen: { blocked: { noneOf: [true] } },
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
  marks: [{ columns: ['blocked', 'blocked_code'] }],
});
