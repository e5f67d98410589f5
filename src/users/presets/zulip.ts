import { definePreset } from '../preset.ts';

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
    // https://github.com/django-otp/django-otp/blob/v1.1.3/src/django_otp/plugins: otp_totp, otp_hotp, otp_static
    {
      kind: 'totp',
      name: 'django-otp',
      table: 'otp_totp_totpdevice',
      where: { user_id: '{id}' },
      when: { confirmed: true },
    },
    {
      kind: 'totp',
      name: 'HOTP',
      table: 'otp_hotp_hotpdevice',
      where: { user_id: '{id}' },
      when: { confirmed: true },
    },
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
    // https://github.com/zulip/zulip/blob/main/zerver/models/users.py: api_key, generate_api_key
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
