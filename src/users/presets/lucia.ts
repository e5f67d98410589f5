import { endedRows } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

export const lucia = definePreset('lucia', {
  title: 'Lucia 3, with the hash in a column of its own table user',
  evidence: 'real login: lucia 3.2 from npm, its hasher and sessions on MariaDB',
  table: 'user',
  columns: { id: 'id', email: 'email', username: 'username', password: 'password_hash' },
  optional: ['username'],
  hashFormat: 'better-auth',
  access: [
    endedRows('session', 'session', { user_id: '{id}' }),
    endedRows('session', 'user_session', { user_id: '{id}' }),
  ],
});
