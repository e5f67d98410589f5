import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { ResetError } from '../errors.ts';
import { dialectOf, type Db } from './connect.ts';
import { explainCommitError, explainDatabaseError, promiseNothingChanged } from './errors.ts';
import { isLostRace } from './lost-race.ts';

export type Transaction = Knex.Transaction;

export interface TransactionOptions {
  /**
   * Many take rows of one table at once: READ COMMITTED on MySQL, whose default also locks the gaps between rows
   * and so has workers wait for one another.
   */
  readonly sharesQueue?: boolean;
  /** false if tables are written that a rollback does not restore; then nothing is promised about them */
  readonly isUndoable?: boolean;
  /** a lost race is thrown: the caller's own transaction in another database has to begin again, too */
  readonly isOnce?: boolean;
}

// Writers of one row wait for each other (32 processes, measured on all three: one attempt each); more attempts
// are for deadlocks.
const attempts = 8;
const longestPauseMs = 50;
// A lost race is reported at once; after waiting this long, it is a lock that stays.
const patienceMs = 4_000;

/**
 * Runs `work` in one transaction and commits it, or rolls everything back and throws what went wrong.
 * A lost race (deadlock, serialisation failure, busy SQLite file) is tried again, so `work` may run more than
 * once and must do nothing outside the transaction: no mail, no hashing.
 *
 * @throws database_unavailable or config_invalid for what the database refuses, with `details.isUncertain` when the
 * answer to the COMMIT never came; errors of `work` as they are
 */
export async function inTransaction<T>(
  db: Db,
  work: (trx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  // SQLite has one isolation only, PostgreSQL this one by default.
  const isLoose = options.sharesQueue === true && dialectOf(db) === 'mysql';
  const config: Knex.TransactionConfig = isLoose ? { isolationLevel: 'read committed' } : {};
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    const progress = { isCommitting: false };
    try {
      return await db.transaction(async (trx) => {
        const result = await runStarted(trx, work);
        progress.isCommitting = true;
        return result;
      }, config);
    } catch (error) {
      const isOver = attempt === attempts || performance.now() - startedAt > patienceMs;
      if (isOver || !mayTryAgain(db, error, options))
        throw explain(error, progress.isCommitting, options.isUndoable ?? true);
    }
    await sleep(randomInt(1, longestPauseMs * attempt));
  }
}

/** A nested transaction is lost with the outer one. */
const mayTryAgain = (db: Db, error: unknown, { isOnce = false }: TransactionOptions): boolean =>
  !isOnce && !db.isTransaction && isLostRace(error);

function explain(error: unknown, isCommitting: boolean, isUndoable: boolean): unknown {
  const explained = isCommitting ? explainCommitError(error) : explainDatabaseError(error);
  if (!explained) return error;
  return isUndoable ? promiseNothingChanged(explained) : explained;
}

/** Knex calls the container although BEGIN failed (PostgreSQL, MySQL); the failure itself is reported anyway. */
async function runStarted<T>(trx: Transaction, work: (trx: Transaction) => Promise<T>): Promise<T> {
  if (trx.isCompleted())
    throw new ResetError('database_unavailable', 'The transaction could not be started.');
  return work(trx);
}
