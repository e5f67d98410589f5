import type { App } from '../../app.ts';
import { inTransaction } from '../../db/transaction.ts';
import { explainDatabaseError, withOutcome } from '../../db/errors.ts';
import { detailsOf, isResetError, ResetError, Signal } from '../../errors.ts';
import { lockToken, useToken } from '../../tokens/token-store.ts';
import { revokeTokensOf } from '../../tokens/revoke-tokens.ts';
import type { Actor } from '../../types.ts';
import type { UsersStore } from '../../users/store/users-store.ts';
import { inBoth, type Deed } from '../both/in-both.ts';
import { retryWhileAway } from '../delivery/retry-while-away.ts';
import { finishReset, proveReset } from './finish-reset.ts';
import { takeBack } from './take-back.ts';
import type { GoodToken } from './verify-reset-token.ts';

export interface NewHash {
  readonly encoded: string;
  /** name of the hash format, for the audit */
  readonly format: string;
  readonly actor: Actor;
}

/** Thrown to roll back when another process was faster. */
class Lost extends Signal {}

/** How long to wait for a database that went away at the one moment that leaves the result uncertain. */
const DOUBT_MS = [250, 1000, 2000, 4000];

/**
 * What a reset changes, all of it or nothing: password, token and its siblings, sessions, notice, audit.
 *
 * @returns how many sessions ended; undefined when the user or the token changed meanwhile, and nothing was written
 * @throws database_unavailable; with `details.isUncertain` the password may have been written
 */
export async function commitReset(app: App, good: GoodToken, hash: NewHash): Promise<number | undefined> {
  const store = await app.users();
  const written = { sessionsEnded: 0 };
  try {
    return await inBoth(app, deedOf(app, good, hash, written));
  } catch (error) {
    if (error instanceof Lost) return undefined;
    const explained = isResetError(error) ? error : explainDatabaseError(error);
    if (!explained) throw error;
    if (store.isApart) throw explainFailure(explained);
    const isUncertain = detailsOf(explained, 'database_unavailable').isUncertain === true;
    if (isUncertain && (await isWritten(app, store, { good, encoded: hash.encoded, doubt: explained })))
      return written.sessionsEnded;
    if (store.description.irrevocable !== undefined)
      throw await takeBack(store, good.user, hash.encoded, explained);
    throw isUncertain ? notWritten(error) : explainFailure(explained);
  }
}

function deedOf(
  app: App,
  { user, row }: GoodToken,
  { encoded, format, actor }: NewHash,
  written: { sessionsEnded: number },
): Deed<number> {
  const { jti, requestId, occasion } = row;
  const { stamp: route } = app.route;
  const facts = { jti, userId: user.id, requestId, occasion, recipient: user.email, actor, route, format };
  const now = app.clock.now();
  return {
    user,
    intent: async () => {
      const proof = proveReset(await app.keyring(), user, encoded);
      return { kind: 'reset', userId: user.id, facts: { ...facts, ...proof } };
    },
    claim: async (ledger) => {
      if (!(await useToken(ledger, row, now))) throw new Lost('The token was used.');
      await revokeTokensOf(ledger, user.id, 'sibling_used', now);
    },
    write: async (users) => {
      if (!(await users.writePassword(user, encoded, now))) throw new Lost('The user changed.');
      written.sessionsEnded = (await users.endWithReset(user, now)).sessionsEnded;
      return written.sessionsEnded;
    },
    finish: (ledger, sessionsEnded) => finishReset(ledger, facts, now, sessionsEnded),
  };
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
 * The COMMIT was sent, and its answer never came. Salts make every encoded hash unique, so finding this one proves
 * that it was written. Throws the uncertain error when the database stays away.
 */
async function isWritten(
  app: App,
  store: UsersStore,
  {
    good: { user, row },
    encoded,
    doubt,
  }: { readonly good: GoodToken; readonly encoded: string; readonly doubt: ResetError },
): Promise<boolean> {
  const look = (): Promise<boolean> =>
    inTransaction(app.ledger, async (trx) => {
      const token = await lockToken(trx, row.jti); // waits for a COMMIT that is still under way
      // A hash that no rollback takes back says nothing about the COMMIT.
      if (store.description.irrevocable !== undefined && token?.state !== 'used') return false;
      const users = await store.within(trx).get([user.id]);
      return users.get(user.id)?.encoded === encoded;
    });
  return retryWhileAway(look, DOUBT_MS).catch(() => Promise.reject(doubt));
}
