import { endedRows, markedRows, sharedTable } from '../access/entries.ts';
import type { AccessEntry } from '../access/entry.ts';
import { definePreset } from '../preset/preset.ts';
import { NAMED } from '../preset/usual-columns.ts';

const factor = sharedTable('user_second_factors', { user_id: '{id}' }, 'method', {
  when: { enabled: true },
  since: 'created_at',
});

const apiKeys = (name: string, table: string): AccessEntry =>
  markedRows(
    {
      kind: 'api-token',
      name,
      table,
      where: { user_id: '{id}', revoked_at: null },
      since: 'created_at',
    },
    { revoked_at: { now: 'text' } },
  );

export const discourse = definePreset('discourse', {
  title: 'Discourse, releases with the table user_passwords',
  evidence: "source of Discourse's hasher, and hashes made after it",
  table: 'users',
  columns: {
    ...NAMED,
    password: { hash: 'password_hash', salt: 'password_salt', algorithm: 'password_algorithm' },
    locale: 'locale',
  },
  optional: ['name', 'locale', 'suspended_till'],
  emailIn: { table: 'user_emails', local: 'id', foreign: 'user_id', where: { primary: true } },
  passwordIn: {
    table: 'user_passwords',
    local: 'id',
    foreign: 'user_id',
    absent: 'the user never set a password and signs in another way',
  },
  activeWhen: { active: true, suspended_till: { past: true } },
  hashFormat: 'discourse',
  maxLength: 200,
  // https://github.com/discourse/discourse/tree/main/app/models: user_second_factor.rb (1 totp, 2 backup codes),
  // user_security_key.rb, user_api_key.rb, api_key.rb; User#expire_tokens. user_password.rb@0a9b83a: a new password lifts
  // password_expired_at; app/controllers/session_controller.rb@0132f05: until then the login asks for a reset by mail
  access: [
    factor('totp', 1),
    factor('recovery-codes', 2),
    {
      kind: 'passkey',
      name: 'passkeys and security keys',
      table: 'user_security_keys',
      where: { user_id: '{id}' },
      when: { enabled: true },
      since: 'created_at',
    },
    endedRows('session', 'user_auth_tokens', { user_id: '{id}' }, { since: 'created_at' }),
    apiKeys('user API key', 'user_api_keys'),
    apiKeys('admin API key', 'api_keys'),
    {
      kind: 'must-change',
      table: 'user_passwords',
      where: { user_id: '{id}' },
      when: { password_expired_at: { not: null } },
      since: 'password_expired_at',
      end: [{ table: 'user_passwords', set: { password_expired_at: null }, where: { user_id: '{id}' } }],
      demand: [
        {
          table: 'user_passwords',
          set: { password_expired_at: { now: 'text' } },
          where: { user_id: '{id}' },
        },
      ],
      reset: 'steps',
    },
  ],
  advice: ['API keys of the user stay good.'],
  marks: [{ tables: ['user_emails', 'user_auth_tokens'] }],
});
