import { definePreset } from '../preset/preset.ts';
import { USER_NAMED } from '../preset/usual-columns.ts';

export const flaskSecurity = definePreset('flask-security', {
  title: 'Flask-Security 4 and later; SECURITY_PASSWORD_SALT goes into users.hash.prehashKey',
  evidence: 'real login: Flask-Security 5.1 with bcrypt and argon2, on SQLite',
  table: 'user',
  columns: { ...USER_NAMED, password: 'password' },
  optional: ['username', 'active'],
  forks: { tables: ['users'] },
  activeWhen: { active: true },
  hashFormat: 'bcrypt',
  olderFormats: ['argon2'],
  // get_hmac in https://github.com/pallets-eco/flask-security/blob/5.3.3/flask_security/utils.py
  prehash: 'hmac-sha512-base64',
  passwordTransform: 'nfkd',
  // Sessions and tokens carry this value.
  onReset: [{ set: { fs_uniquifier: { random: 32, digits: 'hex' } } }],
  marks: [{ columns: ['fs_uniquifier'] }],
});
