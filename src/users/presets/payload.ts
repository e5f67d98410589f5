import { definePreset } from '../preset.ts';

export const payload = definePreset('payload', {
  title: 'Payload CMS 2 to 4; the table is called like the collection',
  evidence: 'real login: payload 3.90 from npm, two collections on PostgreSQL; real hasher: payload 3.89',
  table: 'users',
  columns: { id: 'id', email: 'email', password: { hash: 'hash', salt: 'salt' }, changedAt: 'updated_at' },
  optional: [
    'updated_at',
    'login_attempts',
    'lock_until',
    'reset_password_token',
    'reset_password_expiration',
  ],
  hashFormat: 'payload-v1',
  onReset: [
    {
      set: {
        login_attempts: 0,
        lock_until: null,
        reset_password_token: null,
        reset_password_expiration: null,
      },
    },
    { delete: '{t}_sessions', where: { _parent_id: '{id}' }, sessions: true },
  ],
  marks: [{ columns: ['login_attempts', 'lock_until'] }],
});
