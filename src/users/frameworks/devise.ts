import { inColumn, lockout } from '../access/entries.ts';
import type { AccessEntry } from '../access/entry.ts';

/**
 * devise-two-factor, with the columns of its secret in this version.
 * https://github.com/devise-two-factor/devise-two-factor: lib/devise_two_factor/models/
 * two_factor_authenticatable.rb@00bf472 and two_factor_backupable.rb@295097f
 */
export const deviseTwoFactor = (...emptied: readonly string[]): AccessEntry => ({
  kind: 'totp',
  when: { otp_required_for_login: true },
  end: [
    {
      set: {
        otp_required_for_login: false,
        ...Object.fromEntries(emptied.map((column) => [column, null])),
      },
    },
  ],
});

export const DEVISE_RECOVERY_CODES = inColumn('recovery-codes', 'otp_backup_codes');

/** https://github.com/heartcombo/devise/blob/v4.8.1/lib/devise/models/lockable.rb (unlock_access!) */
export const DEVISE_LOCKOUT = lockout(
  'locked_at',
  { failed_attempts: 0, unlock_token: null },
  { since: 'locked_at' },
);
