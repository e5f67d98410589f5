import { inColumn } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const n8n = definePreset('n8n', {
  title: 'n8n',
  evidence: 'real login: n8n 2.40 from npm, on PostgreSQL',
  table: 'user',
  columns: { id: 'id', email: 'email', name: 'firstName', password: 'password', changedAt: 'updatedAt' },
  optional: ['firstName', 'updatedAt', 'disabled'],
  activeWhen: { disabled: { noneOf: [true] } },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  // https://github.com/n8n-io/n8n, packages/cli/src/mfa/mfa.service.ts@0df78d6 (disableMfaForUser), packages/@n8n/db/src:
  // entities/user.ts@00f5463 (recovery codes are a simple-array: none is an empty text) and api-key.ts@13e8e94, migrations/
  // common/1760116750277-CreateOAuthEntities.ts@4c6ab75; packages/cli/src/modules/mcp/mcp-oauth-token.service.ts@07a8516 (both
  // tokens are looked up). Its sessions hold the second factor, too, and end with it.
  access: [
    {
      kind: 'totp',
      when: { mfaEnabled: true },
      end: [{ set: { mfaEnabled: false, mfaSecret: null, mfaRecoveryCodes: '' } }],
    },
    inColumn('recovery-codes', 'mfaRecoveryCodes', { emptied: '' }),
    { kind: 'api-token', table: 'user_api_keys', where: { userId: '{id}' }, since: 'createdAt' },
    {
      kind: 'oauth-grant',
      table: 'oauth_refresh_tokens',
      where: { userId: '{id}' },
      end: [
        { delete: 'oauth_refresh_tokens', where: { userId: '{id}' } },
        { delete: 'oauth_access_tokens', where: { userId: '{id}' } },
        { delete: 'oauth_authorization_codes', where: { userId: '{id}' } },
      ],
    },
  ],
  // Its session token holds a hash of the password's hash.
  sessionsEndWithHash: true,
  advice: [{ text: 'API keys of the user stay good.', table: 'user_api_keys' }],
  marks: [
    { columns: ['personalizationAnswers'] },
    { columns: ['roleSlug', 'mfaEnabled'] },
    { columns: ['globalRoleId', 'settings'] },
  ],
});
