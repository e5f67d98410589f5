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
  example: {
    tables: {
      user: { id: 'string:36', email: 'string:255', name: 'string:255', banned: 'boolean' },
      account: {
        id: 'string:36',
        userId: 'string:36',
        providerId: 'string:64',
        accountId: 'string:255',
        password: 'text',
      },
      session: { id: 'string:36', userId: 'string:36' },
    },
    rows: {
      user: [{ id: 'AbC1', email: 'susan@example.com', name: 'Susan' }],
      account: [
        { id: 'a', userId: 'AbC1', providerId: 'credential', accountId: 'AbC1', password: '{password}' },
        { id: 'b', userId: 'AbC1', providerId: 'github', accountId: '77', password: null },
      ],
      session: [{ userId: 'AbC1' }, { userId: 'XyZ2' }],
    },
  },
});
