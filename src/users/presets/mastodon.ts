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
  marks: [{ tables: ['session_activations'] }],
  example: {
    tables: {
      users: {
        id: 'increments',
        email: 'string:255',
        encrypted_password: 'string:255',
        locale: 'string:16',
        disabled: 'boolean',
        approved: 'boolean',
        confirmed_at: 'timestamp',
        reset_password_token: 'string:255',
        updated_at: 'timestamp',
      },
      session_activations: { id: 'increments', user_id: 'integer' },
      oauth_access_tokens: { id: 'increments', resource_owner_id: 'integer', revoked_at: 'timestamp' },
    },
    rows: {
      users: [
        {
          id: 1,
          email: 'susan@example.com',
          encrypted_password: '{password}',
          locale: 'en',
          disabled: false,
          approved: true,
          confirmed_at: '2024-01-01 00:00:00',
          reset_password_token: 'token',
        },
      ],
      session_activations: [{ user_id: 1 }, { user_id: 2 }],
      oauth_access_tokens: [{ resource_owner_id: 1 }, { resource_owner_id: 2 }],
    },
  },
});
