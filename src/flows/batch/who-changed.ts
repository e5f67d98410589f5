import { usedSince } from '../../batches/count-outcomes.ts';
import { mailsTo, type Family, type FamilyMail } from '../../batches/reminders.ts';
import { lastLocks } from '../../batches/user-locks.ts';
import type { Db } from '../../db/connect.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { User } from '../../types.ts';

/** What a family of batches knows about some of its people. */
export interface Known {
  /** user id → the mails, oldest first */
  readonly mails: ReadonlyMap<string, readonly FamilyMail[]>;
  /** ids of those who have a new password */
  readonly changed: ReadonlySet<string>;
}

/**
 * Who has a new password since the batch was planned: by a link, or, as the stored hash shows, in the application. A
 * hash that breach mode left is nobody's, whatever came before.
 */
export async function whatIsKnown(
  db: Db,
  keyring: Keyring,
  family: Family,
  users: ReadonlyMap<string, User>,
): Promise<Known> {
  const ids = [...users.keys()];
  if (ids.length === 0) return { mails: new Map(), changed: new Set() };
  const mails = await mailsTo(db, family, ids);
  const locks = await lastLocks(db, ids);
  const rows = (await usedSince(db, family.since).whereIn('user_id', ids)) as { user_id: string }[];
  const used = new Set(rows.map(({ user_id }) => user_id));
  const isChanged = (user: User): boolean => {
    const lock = locks.get(user.id);
    const stored = user.encoded ?? '';
    if (lock && stored !== '' && stored === lock.encoded) return false;
    if (used.has(user.id)) return true;
    if (lock && lock.lockedAt >= family.since && stored !== '') return true;
    return (mails.get(user.id) ?? []).some((mail) => hasOtherHash(keyring, user, mail));
  };
  const changed = [...users.values()].filter(isChanged).map(({ id }) => id);
  return { mails, changed: new Set(changed) };
}

/** The link of this mail was bound to another hash: the address alone may have changed as well. */
function hasOtherHash(keyring: Keyring, user: User, { kid, fp, email }: FamilyMail): boolean {
  const key = kid === null ? undefined : keyring.all.get(kid);
  if (!key || fp === null) return false;
  const addresses = [user.email, ...(email === null ? [] : [email])];
  return !addresses.some((address) => matchesFingerprint(key, { ...user, email: address }, fp));
}
