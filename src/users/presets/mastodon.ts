import { definePreset } from '../preset.ts';

export const mastodon = definePreset('mastodon', {
  title: 'Mastodon',
  evidence: "real hasher: Devise without a pepper; Mastodon's source for the rest",
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    password: 'encrypted_password',
    locale: 'locale',
    changedAt: 'updated_at',
  },
  optional: ['locale', 'updated_at', 'reset_password_token', 'reset_password_sent_at'],
  activeWhen: { disabled: false, approved: true, confirmed_at: { not: null } },
  refuseWhen: [
    { encoded: { empty: true }, because: 'there is no password; the user signs in through LDAP or SSO' },
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  onReset: [
    { set: { reset_password_token: null, reset_password_sent_at: null } },
    { delete: 'session_activations', where: { user_id: '{id}' }, sessions: true },
    {
      table: 'oauth_access_tokens',
      set: { revoked_at: { now: 'text' } },
      where: { resource_owner_id: '{id}', revoked_at: null },
    },
    {
      table: 'oauth_access_grants',
      set: { revoked_at: { now: 'text' } },
      where: { resource_owner_id: '{id}', revoked_at: null },
    },
    { delete: 'web_push_subscriptions', where: { user_id: '{id}' } },
  ],
  refines: 'devise',
  marks: [{ tables: ['session_activations'] }],
});
