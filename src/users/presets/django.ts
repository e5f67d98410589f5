import { endedRows, sharedTable } from '../access/entries.ts';
import {
  DJANGO_OTP,
  DJANGO_OTP_CODES,
  DJANGO_TWO_FACTOR_PHONE,
  DJANGO_UNUSABLE,
} from '../frameworks/django.ts';
import { definePreset } from '../preset/preset.ts';

const allauth = sharedTable('mfa_authenticator', { user_id: '{id}' }, 'type', {
  name: 'allauth',
  since: 'created_at',
});

export const django = definePreset('django', {
  title: 'Django (django.contrib.auth), also with an own user model in a table of another name',
  evidence: 'real login: Django 3.2 and 5.2 admin',
  table: 'auth_user',
  columns: { id: 'id', email: 'email', name: 'first_name', username: 'username', password: 'password' },
  optional: ['first_name', 'username'],
  activeWhen: { is_active: true },
  refuseWhen: [DJANGO_UNUSABLE],
  hashFormat: 'django-pbkdf2',
  access: [
    DJANGO_OTP,
    // https://github.com/django-otp/django-otp/blob/v1.1.3/src/django_otp/plugins: otp_hotp
    {
      kind: 'totp',
      name: 'HOTP',
      table: 'otp_hotp_hotpdevice',
      where: { user_id: '{id}' },
      when: { confirmed: true },
    },
    DJANGO_OTP_CODES,
    DJANGO_TWO_FACTOR_PHONE,
    // https://github.com/pennersr/django-allauth/blob/main/allauth/mfa/models.py
    allauth('totp', 'totp'),
    allauth('recovery-codes', 'recovery_codes', { isOne: true }),
    allauth('passkey', 'webauthn'),
    // https://github.com/encode/django-rest-framework/blob/master/rest_framework/authtoken/models.py
    endedRows(
      'api-token',
      'authtoken_token',
      { user_id: '{id}' },
      { name: 'REST framework', since: 'created' },
    ),
    // https://github.com/jazzband/django-rest-knox/blob/develop/knox/models.py
    endedRows('api-token', 'knox_authtoken', { user_id: '{id}' }, { name: 'Knox', since: 'created' }),
    // https://github.com/jazzband/django-oauth-toolkit/blob/master/oauth2_provider/models.py
    {
      kind: 'oauth-grant',
      name: 'OAuth Toolkit',
      table: 'oauth2_provider_accesstoken',
      where: { user_id: '{id}' },
      since: 'created',
      end: [
        {
          table: 'oauth2_provider_accesstoken',
          set: { source_refresh_token_id: null },
          where: { user_id: '{id}' },
        },
        { delete: 'oauth2_provider_refreshtoken', where: { user_id: '{id}' } },
        { delete: 'oauth2_provider_accesstoken', where: { user_id: '{id}' } },
        { delete: 'oauth2_provider_grant', where: { user_id: '{id}' } },
      ],
    },
    // https://github.com/jazzband/django-axes/blob/master/axes/models.py
    {
      kind: 'lockout',
      name: 'axes',
      table: 'axes_accessattempt',
      where: { username: '{username}' },
      since: 'attempt_time',
    },
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
  // Metabase has the same three, and a salt in a column of its own
  marks: [{ columns: ['last_login', 'is_superuser', 'is_active'], without: ['password_salt'] }],
});
