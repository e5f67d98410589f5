import { definePreset } from '../preset.ts';

export const django = definePreset('django', {
  title: 'Django (django.contrib.auth), also with an own user model in a table of another name',
  evidence: 'real login: Django 3.2 and 5.2 admin',
  table: 'auth_user',
  columns: { id: 'id', email: 'email', name: 'first_name', username: 'username', password: 'password' },
  optional: ['first_name', 'username'],
  activeWhen: { is_active: true },
  refuseWhen: [
    {
      encoded: { startsWith: '!' },
      because: 'the password is marked unusable, so the user signs in another way',
    },
  ],
  hashFormat: 'django-pbkdf2',
  // Django's own sessions end with the hash; these tokens do not.
  onReset: [
    { delete: 'authtoken_token', where: { user_id: '{id}' } },
    { delete: 'knox_authtoken', where: { user_id: '{id}' } },
  ],
  advice: [
    {
      text: 'Refresh tokens of simplejwt stay good until they expire.',
      table: 'token_blacklist_outstandingtoken',
    },
  ],
  // https://github.com/django/django/blob/4.2/django/contrib/auth/base_user.py: get_session_auth_hash
  sessionsEndWithHash: true,
  // AbstractBaseUser and PermissionsMixin of the same file; an own user model has them under any name
  anyTableWith: ['password', 'last_login', 'is_superuser', 'is_active'],
  marks: [{ columns: ['last_login', 'is_superuser', 'is_active'] }],
});
