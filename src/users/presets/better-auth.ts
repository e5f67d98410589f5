import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const betterAuth = definePreset('better-auth', {
  title: 'Better Auth',
  evidence: 'real login: better-auth 1.7 from npm, on MariaDB',
  table: 'user',
  columns: { id: 'id', email: 'email', name: 'name', password: 'password' },
  passwordIn: {
    table: 'account',
    local: 'id',
    foreign: 'userId',
    where: { providerId: 'credential' },
    absent: 'the user has no account with a password and signs in through a provider',
    // What its own reset does (resetCredentialPassword in better-auth 1.7.25), whoever owns the mailbox.
    create: {
      id: { random: 32 },
      accountId: '{id}',
      issuer: 'local:credential',
      createdAt: { now: 'text' },
      updatedAt: { now: 'text' },
    },
  },
  optional: ['name', 'banned', 'issuer', 'createdAt', 'updatedAt'],
  activeWhen: { banned: { noneOf: [true] } },
  hashFormat: 'better-auth',
  // https://github.com/better-auth/better-auth/tree/main/packages/better-auth/src/plugins: two-factor/schema.ts,
  // oidc-provider/schema.ts; the plugins passkey and api-key
  access: [
    {
      kind: 'totp',
      when: { twoFactorEnabled: true },
      end: [{ set: { twoFactorEnabled: false } }, { delete: 'twoFactor', where: { userId: '{id}' } }],
    },
    { kind: 'passkey', table: 'passkey', where: { userId: '{id}' }, since: 'createdAt' },
    endedRows('session', 'session', { userId: '{id}' }, { since: 'createdAt' }),
    { kind: 'api-token', table: 'apikey', where: { userId: '{id}' }, since: 'createdAt' },
    { kind: 'api-token', table: 'apikey', where: { referenceId: '{id}' }, since: 'createdAt' },
    { kind: 'oauth-grant', table: 'oauthAccessToken', where: { userId: '{id}' }, since: 'createdAt' },
  ],
  advice: ['Sessions in a secondary storage (Redis) stay good until they expire.'],
  marks: [{ tables: ['account', 'session'] }],
});
