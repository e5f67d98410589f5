import { definePreset } from '../preset.ts';

export const phoenix = definePreset('phoenix', {
  title: 'Phoenix (phx.gen.auth)',
  evidence: 'real hasher: bcrypt_elixir 3.3 and pbkdf2_elixir 2.3, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'hashed_password', changedAt: 'updated_at' },
  optional: ['updated_at'],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2b', cost: 12 },
  onReset: [
    { delete: '{t}_tokens', where: { user_id: '{id}', context: 'session' }, sessions: true },
    { delete: '{t}_tokens', where: { user_id: '{id}' } },
  ],
  marks: [{ tables: ['users_tokens'] }],
  example: {
    tables: {
      users: {
        id: 'increments',
        email: 'string:160',
        hashed_password: 'string:255',
        updated_at: 'timestamp',
      },
      users_tokens: { id: 'increments', user_id: 'integer', context: 'string:255' },
    },
    rows: {
      users: [{ id: 1, email: 'susan@example.com', hashed_password: '{password}' }],
      users_tokens: [
        { user_id: 1, context: 'session' },
        { user_id: 1, context: 'reset_password' },
        { user_id: 2, context: 'session' },
      ],
    },
  },
});
