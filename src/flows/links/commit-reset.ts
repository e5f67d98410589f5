import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction, type Transaction } from '../../db/transaction.ts';
import { explainDatabaseError, withOutcome } from '../../db/errors.ts';
import { detailsOf, isResetError, ResetError, Signal } from '../../errors.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import { lockToken, revokeTokensOf, useToken } from '../../tokens/token-store.ts';
import type { Actor } from '../../types.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { runOnReset } from '../../users/writing/on-reset.ts';
import { writePassword } from '../../users/writing/write-password.ts';
import { isEmail } from '../../values/email.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import { takeBack } from './take-back.ts';
import type { GoodToken } from './verify-reset-token.ts';

export interface NewHash {
  readonly encoded: string;
  /** name of the hash format, for the audit */
  readonly format: string;
  readonly actor: Actor;
  /** who may send the notice */
  readonly route?: string | undefined;
}

/** Thrown to roll back when another process was faster. */
class Lost extends Signal {}

/** How long to wait for a database that went away at the one moment that leaves the result uncertain. */
const DOUBT_MS = [250, 1000, 2000, 4000];

/**
 * The one transaction of a reset: password, token and its siblings, sessions, notice, audit.
 *
 * @returns how many sessions ended; undefined when the user or the token changed meanwhile, and nothing was written
 * @throws database_unavailable; with `details.isUncertain` the password may have been written
 */
export async function commitReset(app: App, good: GoodToken, hash: NewHash): Promise<number | undefined> {
  const mapping = await app.mapping();
  const isUndoable = mapping.untransacted.length === 0;
  const written = { sessionsEnded: 0 };
  try {
    return await inTransaction(
      app.ledger,
      async (trx) => {
        written.sessionsEnded = await write(
          trx,
          mapping,
          good,
          { ...hash, route: app.route.stamp },
          app.clock.now(),
        );
        return written.sessionsEnded;
      },
      { isUndoable },
    );
  } catch (error) {
    if (error instanceof Lost) return undefined;
    const explained = isResetError(error) ? error : explainDatabaseError(error);
    if (!explained) throw error;
    const isUncertain = detailsOf(explained, 'database_unavailable').isUncertain === true;
    if (isUncertain && (await isWritten(app, good, hash.encoded, explained))) return written.sessionsEnded;
    if (!isUndoable) throw await takeBack(app, good.user, hash.encoded, explained);
    throw isUncertain ? notWritten(error) : explainFailure(explained);
  }
}

const notWritten = (cause: unknown): ResetError =>
  new ResetError(
    'database_unavailable',
    'The connection to the database was lost before the password was written. Nothing was changed. Try again.',
    { cause },
  );

/** What the transaction itself refused was rolled back; what the database refused says so already. */
const explainFailure = (error: ResetError): ResetError =>
  error.code === 'config_invalid' && error.cause === undefined
    ? withOutcome(error, 'Nothing was changed.')
    : error;

/**
 * Where everything can be rolled back, the write of the password is the claim. Where the users table cannot, everything
 * that can comes first.
 */
async function write(
  trx: Transaction,
  mapping: UsersMapping,
  good: GoodToken,
  hash: NewHash,
  now: number,
): Promise<number> {
  const set = () => setPassword(trx, mapping, good, hash, now);
  const claim = () => claimToken(trx, good, now);
  const isUndoable = mapping.untransacted.length === 0;
  for (const step of isUndoable ? [set, claim] : [claim, set]) await step();
  return finish(trx, mapping, good, hash, now);
}

async function setPassword(
  trx: Transaction,
  mapping: UsersMapping,
  { user }: GoodToken,
  { encoded }: NewHash,
  now: number,
): Promise<void> {
  if (!(await writePassword(trx, mapping, user, encoded, now))) throw new Lost('The user changed.');
}

async function claimToken(trx: Transaction, { user, row }: GoodToken, now: number): Promise<void> {
  if (!(await useToken(trx, row, now))) throw new Lost('The token was used.');
  await revokeTokensOf(trx, user.id, 'sibling_used', now);
}

/** Sessions, notice (where there is an address for it) and audit. Gives how many sessions ended. */
async function finish(
  trx: Transaction,
  mapping: UsersMapping,
  { user, row: { requestId, occasion } }: GoodToken,
  { format, actor, route }: NewHash,
  now: number,
): Promise<number> {
  const { sessionsEnded } = await runOnReset(trx, mapping, user, now);
  if (isEmail(user.email)) {
    const notice = { requestId, kind: 'notice', userId: user.id, recipient: user.email } as const;
    await enqueue(trx, { ...notice, actor, occasion, route, expiresInMs: 0 }, now);
  }
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
 * The COMMIT was sent, and its answer never came. Salts make every encoded hash unique, so finding this one proves
 * that it was written. Throws the uncertain error when the database stays away.
 */
async function isWritten(
  app: App,
  { user, row }: GoodToken,
  encoded: string,
  doubt: ResetError,
): Promise<boolean> {
  const mapping = await app.mapping();
  const look = (): Promise<boolean> =>
    inTransaction(app.ledger, async (trx) => {
      const token = await lockToken(trx, row.jti); // waits for a COMMIT that is still under way
      // A hash that no rollback takes back says nothing about the COMMIT.
      if (mapping.untransacted.length > 0 && token?.state !== 'used') return false;
      const users = await getUsers(trx, mapping, [user.id]);
      return users.get(user.id)?.encoded === encoded;
    });
  return retryWhileAway(look, DOUBT_MS).catch(() => Promise.reject(doubt));
}
