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
  example: {
    tables: {
      users: {
        id: 'increments',
        email: 'string:255',
        hash: 'text',
        salt: 'text',
        login_attempts: 'integer',
        lock_until: 'timestamp',
        reset_password_token: 'string:255',
        updated_at: 'timestamp',
      },
      users_sessions: { id: 'string:36', _parent_id: 'integer' },
    },
    rows: {
      users: [
        {
          id: 1,
          email: 'susan@example.com',
          hash: '{password.hash}',
          salt: '{password.salt}',
          login_attempts: 3,
          reset_password_token: 'token',
        },
      ],
      users_sessions: [{ _parent_id: 1 }, { _parent_id: 2 }],
    },
  },
});
