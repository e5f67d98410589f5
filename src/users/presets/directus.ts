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
  onReset: [{ delete: 'directus_sessions', where: { user: '{id}' }, sessions: true }],
  advice: [
    'An access token (JWT) that was handed out stays good until it expires, 15 minutes as a rule.',
    'Clear the system cache if one is configured: directus cache clear',
  ],
  marks: [{ tables: ['directus_sessions'] }],
});
