import { definePreset } from '../preset.ts';

export const directus = definePreset('directus', {
  title: 'Directus',
  evidence: 'real login: Directus 12.3 from npm, on PostgreSQL; real hasher: @directus/api 39',
  table: 'directus_users',
  columns: { id: 'id', email: 'email', name: 'first_name', password: 'password', locale: 'language' },
  optional: ['first_name', 'language', 'provider'],
  activeWhen: { status: 'active' },
  refuseWhen: [
    { when: { provider: { noneOf: ['default', null] } }, because: 'the user signs in through a provider' },
  ],
  hashFormat: 'argon2',
  hashParameters: { memoryKiB: 65536, passes: 3, lanes: 4 },
  // https://github.com/directus/directus/tree/main/api/src/database/migrations: directus_users.tfa_secret and .token;
  // api/src/services/tfa.ts (disableTFA)
  access: [
    { kind: 'totp', when: { tfa_secret: { empty: false } }, end: [{ set: { tfa_secret: null } }] },
    { kind: 'session', table: 'directus_sessions', where: { user: '{id}' }, reset: 'steps' },
    {
      kind: 'api-token',
      name: 'static token',
      when: { token: { empty: false } },
      end: [{ set: { token: null } }],
    },
  ],
  advice: [
    'An access token (JWT) that was handed out stays good until it expires, 15 minutes as a rule.',
    'Clear the system cache if one is configured: directus cache clear',
  ],
  marks: [{ tables: ['directus_sessions'] }],
});
