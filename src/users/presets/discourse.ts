import { definePreset } from '../preset.ts';

export const discourse = definePreset('discourse', {
  title: 'Discourse, releases with the table user_passwords',
  evidence: "source of Discourse's hasher, and hashes made after it",
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'name',
    username: 'username',
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
  onReset: [
    { table: 'user_passwords', set: { password_expired_at: null }, where: { user_id: '{id}' } },
    { delete: 'user_auth_tokens', where: { user_id: '{id}' }, sessions: true },
  ],
  advice: ['API keys of the user stay good.'],
  marks: [{ tables: ['user_emails', 'user_auth_tokens'] }],
  example: {
    tables: {
      users: {
        id: 'increments',
        name: 'string:255',
        username: 'string:60',
        active: 'boolean',
        suspended_till: 'timestamp',
        locale: 'string:10',
      },
      user_emails: { id: 'increments', user_id: 'integer', email: 'string:513', primary: 'boolean' },
      user_passwords: {
        id: 'increments',
        user_id: 'integer',
        password_hash: 'string:64',
        password_salt: 'string:32',
        password_algorithm: 'string:64',
        password_expired_at: 'timestamp',
      },
      user_auth_tokens: { id: 'increments', user_id: 'integer' },
    },
    rows: {
      users: [{ id: 1, name: 'Susan', username: 'susan', active: true }],
      user_emails: [
        { user_id: 1, email: 'susan@example.com', primary: true },
        { user_id: 1, email: 'sue@example.org', primary: false },
      ],
      user_passwords: [
        {
          user_id: 1,
          password_hash: '{password.hash}',
          password_salt: '{password.salt}',
          password_algorithm: '{password.algorithm}',
        },
      ],
      user_auth_tokens: [{ user_id: 1 }, { user_id: 2 }],
    },
  },
});
