import { markedRows } from '../access/entries.ts';
import { DEVISE_LOCKOUT, DEVISE_RECOVERY_CODES, deviseTwoFactor } from '../frameworks/devise.ts';
import { doorkeeper } from '../frameworks/doorkeeper.ts';
import { definePreset } from '../preset/preset.ts';
import { NAMED } from '../preset/usual-columns.ts';

export const gitlab = definePreset('gitlab', {
  title: 'GitLab, self-managed',
  evidence: "real hasher: Devise at GitLab's cost; GitLab's source for the rest",
  table: 'users',
  columns: {
    ...NAMED,
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
    deviseTwoFactor(
      'encrypted_otp_secret',
      'encrypted_otp_secret_iv',
      'encrypted_otp_secret_salt',
      'otp_grace_period_started_at',
      'otp_backup_codes',
    ),
    DEVISE_RECOVERY_CODES,
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
    markedRows(
      {
        kind: 'api-token',
        name: 'personal access token',
        table: 'personal_access_tokens',
        where: { user_id: '{id}', revoked: false },
        since: 'created_at',
      },
      { revoked: true },
    ),
    doorkeeper(),
    DEVISE_LOCKOUT,
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
