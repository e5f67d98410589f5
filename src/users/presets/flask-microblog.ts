import { definePreset } from '../preset/preset.ts';
import { USER_NAMED } from '../preset/usual-columns.ts';

export const flaskMicroblog = definePreset('flask-microblog', {
  title: 'Flask, as in the Flask Mega-Tutorial (Microblog), and applications grown from it',
  evidence: 'real login: Microblog 0.23 with Werkzeug 3.1, and a site of its kind with Werkzeug 2.2',
  table: 'user',
  columns: { ...USER_NAMED, password: 'password_hash' },
  hashFormat: 'werkzeug-scrypt',
  // https://github.com/miguelgrinberg/microblog/blob/main/app/models.py: revoke_token
  access: [
    {
      kind: 'api-token',
      when: { token: { empty: false }, token_expiration: { not: null } },
      end: [{ set: { token: null, token_expiration: null } }],
      reset: 'steps',
    },
  ],
  optional: ['username', 'token', 'token_expiration'],
  forks: { tables: ['users'], columns: { id: ['user_id'], name: ['name'], password: ['password'] } },
  olderFormats: ['werkzeug-pbkdf2', 'werkzeug-plain'],
  advice: ['Flask-Login sessions are signed cookies and stay good; a new SECRET_KEY ends them all.'],
  marks: [
    { columns: ['token', 'token_expiration'] }, // not the tables of "Flask Web Development" (Flasky), whose links are others
    { columns: ['about_me', 'last_seen'], without: ['role_id', 'member_since'] },
  ],
});
