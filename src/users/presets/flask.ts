import { definePreset } from '../preset/preset.ts';
import { USER_NAMED } from '../preset/usual-columns.ts';

export const flask = definePreset('flask', {
  title: 'Flask with Werkzeug hashes in a table users (Flask-Login)',
  evidence: 'real hasher: Werkzeug 2.2 and 3.1, both ways',
  table: 'users',
  columns: { ...USER_NAMED, password: 'password_hash' },
  optional: ['username', 'active'],
  forks: { tables: ['user'], columns: { id: ['user_id'], password: ['password'] } },
  olderFormats: ['werkzeug-pbkdf2', 'werkzeug-plain'],
  activeWhen: { active: true },
  hashFormat: 'werkzeug-scrypt',
  advice: ['Flask-Login sessions are signed cookies and stay good; a new SECRET_KEY ends them all.'],
});
