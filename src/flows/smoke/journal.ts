import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Transaction } from '../../db/transaction.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { skipOfRuns } from '../../outbox/skip-leftovers.ts';
import { skipQueued } from '../../outbox/skip-queued.ts';
import { revokeOwnTokens } from '../../tokens/revoke-tokens.ts';
import { settleIntents } from '../both/settle-intents.ts';
import { onUsersSide, usersSeenBy } from '../both/users-side.ts';
import { openNativeIfReady } from '../native/native-link.ts';
import type { RevokeNeeds } from '../native/revoke-native.ts';
import { explainStillGood, revokeNatives } from '../native/revoke-native.ts';
import { programName } from '../../values/program-name.ts';

/** One thing to restore: a user's old hash, or the removal of a user created for a run (named by address). */
type Entry = { readonly userId: string; readonly encoded: string } | { readonly madeEmail: string };

interface Row {
  readonly id: number;
  readonly user_id: string;
  readonly encoded: string | null;
}

/** Written before anything changes, so that the next run can restore it. */
export async function writeJournal(app: App, entry: Entry): Promise<void> {
  const row =
    'madeEmail' in entry
      ? { user_id: entry.madeEmail, encoded: null }
      : { user_id: entry.userId, encoded: entry.encoded };
  await app.ledger('reset_smoke').insert({ ...row, created_at: app.clock.now() });
}

/** Restore everything in the journal, the oldest entry last: it holds the state before all runs. */
export async function restoreAll(app: App): Promise<string[]> {
  const rows = (await app.ledger('reset_smoke').orderBy('id', 'desc')) as Row[];
  if (rows.length === 0) return [];
  // A missing application secret must not prevent a password from being restored.
  const native = await openNativeIfReady(app);
  const needs = { app, native, store: await app.users(), keyring: await app.keyring() };
  const restored: string[] = [];
  for (const row of rows) restored.push(await restore(app, needs, row));
  return restored;
}

const restore = (app: App, needs: RevokeNeeds, row: Row): Promise<string> =>
  row.encoded === null ? removeMadeUser(app, needs, row) : putHashBack(app, needs, row, row.encoded);

async function removeMadeUser(app: App, needs: RevokeNeeds, { id, user_id: email }: Row): Promise<string> {
  await inTransaction(app.ledger, async (trx) => {
    const user = await usersSeenBy(needs.store, trx).find({ email });
    if (user) {
      await endLinks(app, trx, needs, user.id);
      await onUsersSide(needs.store, trx, (users) => users.remove(user.id));
    }
    await trx('reset_smoke').where({ id }).delete();
  });
  return `removed ${email}`;
}

async function putHashBack(
  app: App,
  needs: RevokeNeeds,
  { id, user_id: userId }: Row,
  encoded: string,
): Promise<string> {
  const { store } = needs;
  await settleIntents(app, { userId }); // with the old hash, a reset looks as if it had not been written
  const stillGood = await inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    const user = (await usersSeenBy(store, trx).get([userId])).get(userId);
    const isBack =
      user === undefined ||
      user.encoded === encoded ||
      (await onUsersSide(store, trx, (users) => users.writePassword(user, encoded, now)));
    if (!isBack) {
      throw new ResetError(
        'database_unavailable',
        `User ${userId} changed in the meantime. Run it again: ${programName} smoke`,
      );
    }
    const links = user ? await endLinks(app, trx, needs, userId) : 0;
    await trx('reset_smoke').where({ id }).delete();
    return links;
  });
  const restored = `user ${userId} has the old hash again`;
  return stillGood === 0 ? restored : `${restored}. ${explainStillGood(app, stillGood)}`;
}

/** Nothing that the run sent may work afterwards. Returns how many of the application's links still work. */
async function endLinks(app: App, trx: Transaction, needs: RevokeNeeds, userId: string): Promise<number> {
  const now = app.clock.now();
  await skipQueued(trx, userId, 'revoked', now);
  await skipOfRuns(trx, userId, now);
  const own = await revokeOwnTokens(trx, userId, 'operator', now);
  const natives = await revokeNatives(trx, needs, { userId, now });
  const event = { event: 'operator_action', result: 'smoke_restored', actor: app.operator, userId } as const;
  await record(trx, now, { ...event, details: { revoked: own + natives.revoked } });
  return natives.stillGood;
}
