import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction, type Transaction } from '../../db/transaction.ts';
import { isResetError, ResetError } from '../../errors.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import { lockToken, revokeTokensOf, useToken } from '../../tokens/token-store.ts';
import type { Actor } from '../../types.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { runOnReset } from '../../users/writing/on-reset.ts';
import { writePassword } from '../../users/writing/write-password.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import type { GoodToken } from './verify-reset-token.ts';

export interface NewHash {
  readonly encoded: string;
  /** name of the hash format, for the audit */
  readonly format: string;
  readonly actor: Actor;
}

/** Thrown to roll back when somebody else was faster. */
class Lost extends ResetError {}

/** How long to wait for a database that went away in the one moment that leaves a doubt. */
const DOUBT_MS = [250, 1000, 2000, 4000];

/**
 * The one transaction of a reset: password, token and its siblings, sessions, notice, audit.
 *
 * @returns how many sessions ended; undefined when the user or the token changed meanwhile, and nothing was written
 * @throws database_unavailable; with `details.isUncertain` the password may have been written
 */
export async function commitReset(app: App, good: GoodToken, hash: NewHash): Promise<number | undefined> {
  const mapping = await app.mapping();
  const written = { sessionsEnded: 0 };
  try {
    return await inTransaction(app.db, async (trx) => {
      written.sessionsEnded = await write(app, trx, mapping, good, hash);
      return written.sessionsEnded;
    });
  } catch (error) {
    if (error instanceof Lost) return undefined;
    if (!isResetError(error) || error.details['isUncertain'] !== true) throw error;
    if (await isWritten(app, good, hash.encoded, error)) return written.sessionsEnded;
    throw new ResetError(
      'database_unavailable',
      'The connection to the database was lost before the password was written; nothing was changed. Try again.',
      { cause: error },
    );
  }
}

async function write(
  app: App,
  trx: Transaction,
  mapping: UsersMapping,
  { user, row }: GoodToken,
  { encoded, format, actor }: NewHash,
): Promise<number> {
  const now = app.clock.now();
  if (!(await writePassword(trx, mapping, user, encoded, now)))
    throw new Lost('token_used', 'The user changed.');
  if (!(await useToken(trx, row, now))) throw new Lost('token_used', 'The token was spent.');
  await revokeTokensOf(trx, user.id, 'sibling_used', now);
  const { sessionsEnded } = await runOnReset(trx, mapping, user, now);
  const { requestId } = row;
  const notice = { requestId, kind: 'notice', userId: user.id, recipient: user.email, actor } as const;
  await enqueue(trx, { ...notice, route: app.route.stamp, expiresInMs: 0 }, now);
  const details = { hashFormat: format, sessionsEnded };
  await record(trx, now, {
    event: 'password_changed',
    result: 'ok',
    actor,
    requestId,
    userId: user.id,
    details,
  });
  return sessionsEnded;
}

/**
 * The COMMIT was sent, and its answer never came. The salt makes every encoded hash another: whoever finds this one
 * has written it. Throws the doubt when the database stays away.
 */
async function isWritten(
  app: App,
  { user, row }: GoodToken,
  encoded: string,
  doubt: ResetError,
): Promise<boolean> {
  const mapping = await app.mapping();
  const look = (): Promise<boolean> =>
    inTransaction(app.db, async (trx) => {
      await lockToken(trx, row.jti); // waits for a COMMIT that is still under way
      const users = await getUsers(trx, mapping, [user.id]);
      return users.get(user.id)?.encoded === encoded;
    });
  return retryWhileAway(look, DOUBT_MS).catch(() => Promise.reject(doubt));
}
