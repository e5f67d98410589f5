import { endedRows, inColumn } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/directus/directus, api/src: services/tfa.ts@1125823 (disableTFA), database/migrations/
  // 20211103A-set-unique-to-user-token.ts and 20260512B-add-mcp-oauth.ts@7884162, services/mcp-oauth/index.ts@09d328c (a grant
  // without its session is refused)
  access: [
    inColumn('totp', 'tfa_secret'),
    endedRows('session', 'directus_sessions', { user: '{id}' }),
    inColumn('api-token', 'token', { name: 'static token' }),
    {
      kind: 'oauth-grant',
      table: 'directus_oauth_tokens',
      where: { user: '{id}' },
      since: 'date_created',
      end: [
        {
          delete: 'directus_sessions',
          where: {
            user: '{id}',
            token: { in: 'directus_oauth_tokens', column: 'session', where: { user: '{id}' } },
          },
        },
        { delete: 'directus_oauth_tokens', where: { user: '{id}' } },
        { delete: 'directus_oauth_codes', where: { user: '{id}' } },
      ],
      // its session ends with the others
      reset: 'steps',
    },
  ],
  advice: [
    'An access token (JWT) that was handed out stays good until it expires, 15 minutes as a rule.',
    'Clear the system cache if one is configured: directus cache clear',
  ],
  marks: [{ tables: ['directus_sessions'] }],
});
