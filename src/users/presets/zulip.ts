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
  advice: [
    'Zulip caches users in memcached: restart it, or the old password stays good for a while.',
    'The API key of the user stays good.',
  ],
  refines: 'django',
  marks: [{ columns: ['delivery_email', 'is_bot'] }],
});
