import type { Preset } from '../preset/preset.ts';

/** What Firefly III, FreeScout and Snipe-IT take from Laravel as it is. */
export const LARAVEL_APPLICATION = {
  hashFormat: 'bcrypt',
  // Laravel's hasher throws at every other prefix.
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
} as const satisfies Partial<Preset>;
