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
  refuseWhen: [
    {
      encoded: { startsWith: '!' },
      because: 'the password is marked unusable, so the user signs in another way',
    },
  ],
  hashFormat: 'django-argon2',
  // as Django's own: they hold a MAC of the hash
  sessionsEndWithHash: true,
  access: [
    // https://github.com/zulip/zulip, zproject/computed_settings.py@0069211: otp_static, otp_totp and two_factor's phonenumber
    // of https://github.com/django-otp/django-otp and https://github.com/jazzband/django-two-factor-auth
    {
      kind: 'totp',
      name: 'django-otp',
      table: 'otp_totp_totpdevice',
      where: { user_id: '{id}' },
      when: { confirmed: true },
    },
    { kind: 'sms', name: 'two-factor-auth', table: 'two_factor_phonedevice', where: { user_id: '{id}' } },
    {
      kind: 'recovery-codes',
      name: 'django-otp',
      table: 'otp_static_statictoken',
      where: { device_id: { in: 'otp_static_staticdevice', column: 'id', where: { user_id: '{id}' } } },
      end: [
        {
          delete: 'otp_static_statictoken',
          where: { device_id: { in: 'otp_static_staticdevice', column: 'id', where: { user_id: '{id}' } } },
        },
        { delete: 'otp_static_staticdevice', where: { user_id: '{id}' } },
      ],
    },
    // zerver/models/users.py@018a2bb (api_key, 32 characters), zerver/actions/user_settings.py@028d1a9 (do_regenerate_api_key)
    {
      kind: 'api-token',
      name: 'API key',
      when: { api_key: { empty: false } },
      end: [{ set: { api_key: { random: 32 } } }],
      beyond: 'Zulip caches API keys in memcached: restart it, or the old key stays good for a while.',
    },
  ],
  advice: [
    'Zulip caches users in memcached: restart it, or the old password stays good for a while.',
    'The API key of the user stays good.',
  ],
  refines: 'django',
  marks: [{ columns: ['delivery_email', 'is_bot'] }],
});
