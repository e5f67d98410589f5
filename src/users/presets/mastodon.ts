import { endedRows } from '../access/entries.ts';
import { DEVISE_RECOVERY_CODES, deviseTwoFactor } from '../frameworks/devise.ts';
import { doorkeeper } from '../frameworks/doorkeeper.ts';
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
  // approved is new in 2.8
  optional: ['locale', 'updated_at', 'reset_password_token', 'reset_password_sent_at', 'approved'],
  activeWhen: { disabled: false, approved: true, confirmed_at: { not: null } },
  refuseWhen: [
    { encoded: { empty: true }, because: 'there is no password; the user signs in through LDAP or SSO' },
  ],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  // https://github.com/mastodon/mastodon/blob/main/app/models/user.rb: disable_two_factor!, change_password!, revoke_access!
  access: [
    deviseTwoFactor('otp_secret', 'otp_backup_codes'),
    DEVISE_RECOVERY_CODES,
    {
      kind: 'passkey',
      name: 'security key',
      table: 'webauthn_credentials',
      where: { user_id: '{id}' },
      since: 'created_at',
    },
    endedRows('session', 'session_activations', { user_id: '{id}' }, { since: 'created_at' }),
    doorkeeper({ reset: 'steps' }),
  ],
  onReset: [
    { set: { reset_password_token: null, reset_password_sent_at: null } },
    { delete: 'web_push_subscriptions', where: { user_id: '{id}' } },
  ],
  refines: 'devise',
  marks: [{ tables: ['session_activations'] }],
});
