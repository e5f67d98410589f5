import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';
import { USER_NAMED } from '../preset/usual-columns.ts';

export const strapi = definePreset('strapi', {
  title: 'Strapi 4 and 5, users of the content API',
  evidence: 'real login: Strapi 5.54 from npm',
  table: 'up_users',
  columns: { ...USER_NAMED, password: 'password' },
  optional: ['username', 'blocked', 'confirmed', 'provider', 'reset_password_token', 'confirmation_token'],
  activeWhen: { blocked: { noneOf: [true] }, confirmed: { noneOf: [false] } },
  refuseWhen: [
    { when: { provider: { noneOf: ['local', null] } }, because: 'the user signs in through a provider' },
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  access: [
    endedRows(
      'session',
      'strapi_sessions',
      { user_id: '{id}', origin: 'users-permissions' },
      { since: 'created_at' },
    ),
  ],
  onReset: [{ set: { reset_password_token: null, confirmation_token: null } }],
  advice: [
    "Access tokens (JWT) stay good until they expire: after 10 minutes where the plugin users-permissions has jwtManagement: 'refresh', else after 30 days as a rule.",
  ],
  marks: [{ columns: ['provider', 'confirmed', 'blocked'] }],
});
