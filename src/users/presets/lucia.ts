import { definePreset } from '../preset.ts';

export const lucia = definePreset('lucia', {
  title: 'Lucia 3, with the hash in a column of its own table user',
  evidence: 'real login: lucia 3.2 from npm, its hasher and sessions on MariaDB',
  table: 'user',
  columns: { id: 'id', email: 'email', username: 'username', password: 'password_hash' },
  optional: ['username'],
  hashFormat: 'better-auth',
  onReset: [
    { delete: 'session', where: { user_id: '{id}' }, sessions: true },
    { delete: 'user_session', where: { user_id: '{id}' }, sessions: true },
  ],
  example: {
    tables: {
      user: { id: 'string:36', email: 'string:255', username: 'string:64', password_hash: 'string:255' },
      session: { id: 'string:40', user_id: 'string:36' },
    },
    rows: {
      user: [
        { id: 'd2ufcf6pzf1v1jw', email: 'susan@example.com', username: 'susan', password_hash: '{password}' },
      ],
      session: [{ user_id: 'd2ufcf6pzf1v1jw' }, { user_id: 'someone-else' }],
    },
  },
});
