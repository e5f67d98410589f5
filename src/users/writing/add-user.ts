import { foldEmail, parseEmail } from '../../values/email.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import { explainDatabaseError } from '../../db/errors.ts';
import { ResetError } from '../../errors.ts';
import { instant } from '../columns/new-value.ts';
import type { NewUser } from '../store/users-store.ts';
import { programName } from '../../values/program-name.ts';

/**
 * Adds a row to the table of the `default` preset.
 *
 * @param now milliseconds since 1970
 * @throws usage_invalid for an address that is none, or that a user already has in whatever case
 */
export async function addUser(db: Db, user: NewUser, now: number): Promise<{ id: string }> {
  const email = parseEmail(user.email);
  const at = instant(now, 'text');
  const row = {
    email,
    username: user.username ?? null,
    locale: user.locale ?? null,
    password_hash: user.encoded ?? null,
    created_at: at,
    updated_at: at,
  };
  try {
    if (
      await db('users')
        .whereRaw('lower(email) = ?', [foldEmail(email)])
        .first('id')
    )
      throw taken(email);
    const inserted: unknown = await (dialectOf(db) === 'postgres'
      ? db('users').insert(row).returning('id')
      : db('users').insert(row));
    return { id: idOf(inserted) };
  } catch (error) {
    if (isDuplicate(error)) throw taken(email, error);
    throw explainDatabaseError(error) ?? error;
  }
}

function idOf(inserted: unknown): string {
  const [first] = inserted as [number | { id: number }];
  return String(typeof first === 'object' ? first.id : first);
}

const taken = (email: string, cause?: unknown): ResetError =>
  new ResetError(
    'usage_invalid',
    `There is already a user with the address ${email}. See: ${programName} user list`,
    {
      cause,
    },
  );

function isDuplicate(error: unknown): boolean {
  const { code, errno } = error as { code?: string; errno?: number };
  return code === '23505' || code === 'SQLITE_CONSTRAINT' || errno === 1062;
}
