import type { AccessEntry } from '../access/entry.ts';
import type { Refusal } from '../preset/preset.ts';

/** https://github.com/django/django/blob/4.2/django/contrib/auth/hashers.py: UNUSABLE_PASSWORD_PREFIX */
export const DJANGO_UNUSABLE: Refusal = {
  encoded: { startsWith: '!' },
  because: 'the password is marked unusable, so the user signs in another way',
};

/** https://github.com/django-otp/django-otp/blob/v1.1.3/src/django_otp/plugins: otp_totp */
export const DJANGO_OTP: AccessEntry = {
  kind: 'totp',
  name: 'django-otp',
  table: 'otp_totp_totpdevice',
  where: { user_id: '{id}' },
  when: { confirmed: true },
};

const STATIC_TOKENS = {
  device_id: { in: 'otp_static_staticdevice', column: 'id', where: { user_id: '{id}' } },
};

/** the same, otp_static */
export const DJANGO_OTP_CODES: AccessEntry = {
  kind: 'recovery-codes',
  name: 'django-otp',
  table: 'otp_static_statictoken',
  where: STATIC_TOKENS,
  end: [
    { delete: 'otp_static_statictoken', where: STATIC_TOKENS },
    { delete: 'otp_static_staticdevice', where: { user_id: '{id}' } },
  ],
};

/** https://github.com/jazzband/django-two-factor-auth/blob/master/two_factor/plugins/phonenumber/models.py */
export const DJANGO_TWO_FACTOR_PHONE: AccessEntry = {
  kind: 'sms',
  name: 'two-factor-auth',
  table: 'two_factor_phonedevice',
  where: { user_id: '{id}' },
};
