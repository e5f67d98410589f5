import { definePreset } from '../preset/preset.ts';

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
  // https://github.com/mastodon/mastodon/blob/main/app/models/user.rb: disable_two_factor!, change_password!, revoke_access!
  access: [
    {
      kind: 'totp',
      when: { otp_required_for_login: true },
      end: [{ set: { otp_required_for_login: false, otp_secret: null, otp_backup_codes: null } }],
    },
    {
      kind: 'recovery-codes',
      when: { otp_backup_codes: { empty: false } },
      end: [{ set: { otp_backup_codes: null } }],
    },
    {
      kind: 'passkey',
      name: 'security key',
      table: 'webauthn_credentials',
      where: { user_id: '{id}' },
      since: 'created_at',
    },
    {
      kind: 'session',
      table: 'session_activations',
      where: { user_id: '{id}' },
      since: 'created_at',
      reset: 'steps',
    },
    {
      kind: 'oauth-grant',
      table: 'oauth_access_tokens',
      where: { resource_owner_id: '{id}', revoked_at: null },
      since: 'created_at',
      end: [
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
      ],
      reset: 'steps',
    },
  ],
  onReset: [
    { set: { reset_password_token: null, reset_password_sent_at: null } },
    { delete: 'web_push_subscriptions', where: { user_id: '{id}' } },
  ],
  refines: 'devise',
  marks: [{ tables: ['session_activations'] }],
});
