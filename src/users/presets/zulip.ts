import { inColumn } from '../access/entries.ts';
import {
  DJANGO_OTP,
  DJANGO_OTP_CODES,
  DJANGO_TWO_FACTOR_PHONE,
  DJANGO_UNUSABLE,
} from '../frameworks/django.ts';
import { definePreset } from '../preset/preset.ts';

export const zulip = definePreset('zulip', {
  title: 'Zulip',
  evidence: "real hasher: Django's argon2, both ways; Zulip's source for the rest",
  table: 'zerver_userprofile',
  columns: {
    id: 'id',
    email: 'delivery_email',
    name: 'full_name',
    password: 'password',
    locale: 'default_language',
  },
  optional: ['full_name', 'default_language', 'is_bot'],
  activeWhen: { is_active: true, is_bot: false },
  refuseWhen: [DJANGO_UNUSABLE],
  hashFormat: 'django-argon2',
  // as Django's own: they hold a MAC of the hash
  sessionsEndWithHash: true,
  access: [
    // https://github.com/zulip/zulip, zproject/computed_settings.py@0069211: otp_static, otp_totp and two_factor's phonenumber
    // of https://github.com/django-otp/django-otp and https://github.com/jazzband/django-two-factor-auth
    DJANGO_OTP,
    DJANGO_TWO_FACTOR_PHONE,
    DJANGO_OTP_CODES,
    // zerver/models/users.py@018a2bb (api_key, 32 characters), zerver/actions/user_settings.py@028d1a9 (do_regenerate_api_key)
    inColumn('api-token', 'api_key', {
      name: 'API key',
      emptied: { random: 32 },
      beyond: 'Zulip caches API keys in memcached: restart it, or the old key stays good for a while.',
    }),
  ],
  advice: [
    'Zulip caches users in memcached: restart it, or the old password stays good for a while.',
    'The API key of the user stays good.',
  ],
  refines: 'django',
  marks: [{ columns: ['delivery_email', 'is_bot'] }],
});
