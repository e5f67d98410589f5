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
  // Its session token holds a hash of the password's hash.
  sessionsEndWithHash: true,
  advice: [{ text: 'API keys of the user stay good.', table: 'user_api_keys' }],
  marks: [
    { columns: ['personalizationAnswers'] },
    { columns: ['roleSlug', 'mfaEnabled'] },
    { columns: ['globalRoleId', 'settings'] },
  ],
});
