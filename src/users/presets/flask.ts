import { definePreset } from '../preset/preset.ts';

export const flask = definePreset('flask', {
  title: 'Flask with Werkzeug hashes in a table users (Flask-Login)',
  evidence: 'real hasher: Werkzeug 2.2 and 3.1, both ways',
  table: 'users',
  columns: { id: 'id', email: 'email', name: 'username', username: 'username', password: 'password_hash' },
  optional: ['username', 'active'],
  forks: { tables: ['user'], columns: { id: ['user_id'], password: ['password'] } },
  olderFormats: ['werkzeug-pbkdf2', 'werkzeug-plain'],
  activeWhen: { active: true },
  hashFormat: 'werkzeug-scrypt',
  advice: ['Flask-Login sessions are signed cookies and stay good; a new SECRET_KEY ends them all.'],
});
