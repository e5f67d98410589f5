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
});
