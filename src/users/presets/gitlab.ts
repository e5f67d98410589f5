import { definePreset } from '../preset.ts';

export const gitlab = definePreset('gitlab', {
  title: 'GitLab, self-managed',
  evidence: "real hasher: Devise at GitLab's cost; GitLab's source for the rest",
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'name',
    username: 'username',
    password: 'encrypted_password',
    locale: 'preferred_language',
    changedAt: 'updated_at',
  },
  optional: [
    'name',
    'preferred_language',
    'updated_at',
    'reset_password_token',
    'reset_password_sent_at',
    'remember_created_at',
    'failed_attempts',
    'locked_at',
    'unlock_token',
    'password_automatically_set',
    'password_expires_at',
  ],
  activeWhen: { state: 'active' },
  refuseWhen: [
    { when: { user_type: { noneOf: [0, null] } }, because: 'this row is a bot or a service account' },
    { encoded: { empty: true }, because: 'there is no password; the user signs in through LDAP or SSO' },
  ],
  hashFormat: 'bcrypt',
  // It reads this prefix alone.
  hashParameters: { prefix: '2a', cost: 13 },
  // Sessions in Redis carry the salt of the hash and end with it.
  onReset: [
    {
      set: {
        reset_password_token: null,
        reset_password_sent_at: null,
        remember_created_at: null,
        failed_attempts: 0,
        locked_at: null,
        unlock_token: null,
        password_automatically_set: false,
        password_expires_at: null,
      },
    },
  ],
  advice: ['Personal access tokens, SSH keys and OAuth grants stay good.'],
  refines: 'devise',
  marks: [{ columns: ['password_automatically_set'] }],
});
