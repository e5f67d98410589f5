import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const phoenix = definePreset('phoenix', {
  title: 'Phoenix (phx.gen.auth)',
  evidence: 'real hasher: bcrypt_elixir 3.3 and pbkdf2_elixir 2.3, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'hashed_password', changedAt: 'updated_at' },
  optional: ['updated_at'],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2b', cost: 12 },
  access: [
    endedRows('session', '{t}_tokens', { user_id: '{id}', context: 'session' }, { since: 'inserted_at' }),
  ],
  onReset: [{ delete: '{t}_tokens', where: { user_id: '{id}' } }],
  marks: [{ tables: ['users_tokens'] }],
});
