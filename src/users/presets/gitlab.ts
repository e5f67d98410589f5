import { definePreset } from '../preset.ts';

export const gitlab = definePreset('gitlab', {
  title: 'GitLab, self-managed',
  evidence: "real hasher: Devise at GitLab's cost; GitLab's source for the rest",
  table: 'users',
  columns: {
    id: 'id',
    email: 'email',
    name: 'name',
    username: 'username',
    password: 'encrypted_password',
    locale: 'preferred_language',
    changedAt: 'updated_at',
  },
  optional: [
    'name',
    'preferred_language',
    'updated_at',
    'reset_password_token',
    'reset_password_sent_at',
    'remember_created_at',
    'failed_attempts',
    'locked_at',
    'unlock_token',
    'password_automatically_set',
    'password_expires_at',
  ],
  activeWhen: { state: 'active' },
  refuseWhen: [
    { when: { user_type: { noneOf: [0, null] } }, because: 'this row is a bot or a service account' },
    { encoded: { empty: true }, because: 'there is no password; the user signs in through LDAP or SSO' },
  ],
  hashFormat: 'bcrypt',
  // It reads this prefix alone.
  hashParameters: { prefix: '2a', cost: 13 },
  // https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/models/user.rb (disable_two_factor!) and db/structure.sql;
  // https://github.com/gitlabhq/gitlabhq: app/controllers/passwords_controller.rb (update lifts password_expires_at)
  access: [
    {
      kind: 'totp',
      when: { otp_required_for_login: true },
      end: [
        {
          set: {
            otp_required_for_login: false,
            encrypted_otp_secret: null,
            encrypted_otp_secret_iv: null,
            encrypted_otp_secret_salt: null,
            otp_grace_period_started_at: null,
            otp_backup_codes: null,
          },
        },
      ],
    },
    {
      kind: 'recovery-codes',
      when: { otp_backup_codes: { empty: false } },
      end: [{ set: { otp_backup_codes: null } }],
    },
    {
      kind: 'passkey',
      name: 'WebAuthn device',
      table: 'webauthn_registrations',
      where: { user_id: '{id}' },
      since: 'created_at',
    },
    {
      kind: 'remember-me',
      when: { remember_created_at: { not: null } },
      since: 'remember_created_at',
      end: [{ set: { remember_created_at: null } }],
      reset: 'steps',
    },
    {
      kind: 'api-token',
      name: 'personal access token',
      table: 'personal_access_tokens',
      where: { user_id: '{id}', revoked: false },
      since: 'created_at',
      end: [
        {
          table: 'personal_access_tokens',
          set: { revoked: true },
          where: { user_id: '{id}', revoked: false },
        },
      ],
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
    },
    {
      kind: 'lockout',
      when: { locked_at: { not: null } },
      since: 'locked_at',
      end: [{ set: { failed_attempts: 0, locked_at: null, unlock_token: null } }],
      reset: 'steps',
    },
    {
      kind: 'must-change',
      when: { password_expires_at: { not: null } },
      end: [{ set: { password_expires_at: null } }],
      demand: [{ set: { password_expires_at: { now: 'text' } } }],
      reset: 'steps',
    },
  ],
  // Sessions in Redis carry the salt of the hash and end with it.
  onReset: [
    {
      set: {
        reset_password_token: null,
        reset_password_sent_at: null,
        password_automatically_set: false,
      },
    },
  ],
  advice: ['Personal access tokens, SSH keys and OAuth grants stay good.'],
  refines: 'devise',
  marks: [{ columns: ['password_automatically_set'] }],
});
