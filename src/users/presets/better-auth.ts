import { definePreset } from '../preset.ts';

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
  onReset: [{ delete: 'session', where: { userId: '{id}' }, sessions: true }],
  advice: ['Sessions in a secondary storage (Redis) stay good until they expire.'],
  marks: [{ tables: ['account', 'session'] }],
});
