import { endedRows, sharedTable } from '../access/entries.ts';
import { definePreset } from '../preset/preset.ts';

const factor = sharedTable('mfa_factors', { user_id: '{id}' }, 'factor_type', {
  when: { status: 'verified' },
  since: 'created_at',
});

export const supabase = definePreset('supabase', {
  title: 'Supabase Auth (GoTrue), on PostgreSQL',
  evidence: "real hasher: GoTrue's own password code, both ways",
  schema: 'auth',
  table: 'users',
  columns: { id: 'id', email: 'email', password: 'encrypted_password', changedAt: 'updated_at' },
  optional: [
    'updated_at',
    'deleted_at',
    'banned_until',
    'is_sso_user',
    'confirmation_token',
    'recovery_token',
    'email_change_token_current',
    'email_change_token_new',
    'phone_change_token',
    'reauthentication_token',
    'confirmation_sent_at',
    'recovery_sent_at',
    'email_change_sent_at',
    'phone_change_sent_at',
    'reauthentication_sent_at',
  ],
  activeWhen: { deleted_at: null, banned_until: { past: true } },
  refuseWhen: [{ when: { is_sso_user: true }, because: 'the user signs in through single sign-on' }],
  hashFormat: 'bcrypt',
  hashParameters: { prefix: '2a', cost: 10 },
  // https://github.com/supabase/auth/tree/master/migrations: mfa_factors, sessions; refresh tokens and challenges go with
  // their rows (on delete cascade)
  access: [
    factor('totp', 'totp'),
    factor('sms', 'phone'),
    factor('passkey', 'webauthn'),
    endedRows('session', 'sessions', { user_id: '{id}' }, { since: 'created_at' }),
  ],
  onReset: [
    // Empty, never null: GoTrue reads these columns into plain strings.
    {
      set: {
        confirmation_token: '',
        recovery_token: '',
        email_change_token_current: '',
        email_change_token_new: '',
        phone_change_token: '',
        reauthentication_token: '',
        confirmation_sent_at: null,
        recovery_sent_at: null,
        email_change_sent_at: null,
        phone_change_sent_at: null,
        reauthentication_sent_at: null,
      },
    },
    { delete: 'one_time_tokens', where: { user_id: '{id}' } },
  ],
  advice: ['Access tokens (JWT) that are out stay good until they expire: one hour by default.'],
  marks: [{ columns: ['is_sso_user'] }],
});
