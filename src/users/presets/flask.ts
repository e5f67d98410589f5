import { definePreset } from '../preset.ts';

export const flask = definePreset({
  name: 'flask',
  title: 'Flask with Werkzeug hashes in a table users (Flask-Login, Flask-Security)',
  evidence: 'real hasher: Werkzeug 2.2 and 3.1, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'username', username: 'username', password: 'password_hash' },
  optional: ['username', 'active', 'fs_uniquifier'],
  activeWhen: { active: true },
  hashFormat: 'werkzeug-scrypt',
  // Flask-Security keeps this value in sessions and tokens: a new one ends them.
  onReset: [{ set: { fs_uniquifier: { random: 32, digits: 'hex' } } }],
  advice: ['Flask-Login sessions are signed cookies and stay good; a new SECRET_KEY ends them all.'],
  example: {
    tables: {
      users: {
        id: 'increments',
        email: 'string:255',
        username: 'string:64',
        password_hash: 'string:255',
        active: 'boolean',
        fs_uniquifier: 'string:64',
      },
    },
    rows: {
      users: [
        {
          email: 'susan@example.com',
          username: 'susan',
          password_hash: '{password}',
          active: true,
          fs_uniquifier: 'before',
        },
      ],
    },
  },
});
