import { definePreset } from '../preset.ts';

export const n8n = definePreset('n8n', {
  title: 'n8n',
  evidence: 'real login: n8n 2.40 from npm, on PostgreSQL',
  table: 'user',
  columns: { id: 'id', email: 'email', name: 'firstName', password: 'password', changedAt: 'updatedAt' },
  optional: ['firstName', 'updatedAt', 'disabled'],
  activeWhen: { disabled: { noneOf: [true] } },
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  // https://github.com/n8n-io/n8n/blob/master/packages/cli/src/mfa/mfa.service.ts (disableMfa), and the entities User and
  // ApiKey. Its sessions hold the second factor, too, and end with it.
  access: [
    {
      kind: 'totp',
      when: { mfaEnabled: true },
      end: [{ set: { mfaEnabled: false, mfaSecret: null, mfaRecoveryCodes: '' } }],
    },
    {
      kind: 'recovery-codes',
      when: { mfaRecoveryCodes: { empty: false } },
      end: [{ set: { mfaRecoveryCodes: '' } }],
    },
    { kind: 'api-token', table: 'user_api_keys', where: { userId: '{id}' }, since: 'createdAt' },
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
