import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { skipQueued } from '../../outbox/skip-queued.ts';
import { revokeTokensOf } from '../../tokens/token-store.ts';
import { findUser, getUsers } from '../../users/find-user.ts';
import { removeUser } from '../../users/remove-user.ts';
import { writePassword } from '../../users/write-password.ts';

/** One thing to put right: an old hash of a user, or a user who was made for a run (named by address). */
type Entry = { readonly userId: string; readonly encoded: string } | { readonly madeEmail: string };

interface Row {
  readonly id: number;
  readonly user_id: string;
  readonly encoded: string | null;
}

/** Written before anything changes, so that whoever runs next can put it right. */
export async function writeJournal(app: App, entry: Entry): Promise<void> {
  const row =
    'madeEmail' in entry
      ? { user_id: entry.madeEmail, encoded: null }
      : { user_id: entry.userId, encoded: entry.encoded };
  await app.db('reset_smoke').insert({ ...row, created_at: app.clock.now() });
}

/** Put everything in the journal right, the oldest entry last: it holds what was there before all runs. */
export async function restoreAll(app: App): Promise<string[]> {
  const rows = (await app.db('reset_smoke').orderBy('id', 'desc')) as Row[];
  const restored: string[] = [];
  for (const row of rows) restored.push(await restore(app, row));
  return restored;
}

const restore = (app: App, row: Row): Promise<string> =>
  row.encoded === null ? removeMadeUser(app, row) : putHashBack(app, row, row.encoded);

async function removeMadeUser(app: App, { id, user_id: email }: Row): Promise<string> {
  const mapping = await app.mapping();
  await inTransaction(app.db, async (trx) => {
    const user = await findUser(trx, mapping, { email });
    if (user) {
      await endLinks(app, trx, user.id);
      await removeUser(trx, user.id);
    }
    await trx('reset_smoke').where({ id }).delete();
  });
  return `removed ${email}`;
}

async function putHashBack(app: App, { id, user_id: userId }: Row, encoded: string): Promise<string> {
  const mapping = await app.mapping();
  await inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    const user = (await getUsers(trx, mapping, [userId])).get(userId);
    if (user && user.encoded !== encoded && !(await writePassword(trx, mapping, user, encoded, now))) {
      throw new ResetError(
        'database_unavailable',
        `User ${userId} changed meanwhile. Run again: reset smoke`,
      );
    }
    if (user) await endLinks(app, trx, userId);
    await trx('reset_smoke').where({ id }).delete();
  });
  return `user ${userId} has the old hash again`;
}

/** Nothing that the run sent may still be used. */
async function endLinks(app: App, trx: App['db'], userId: string): Promise<void> {
  const now = app.clock.now();
  await skipQueued(trx, userId, 'revoked', now);
  const revoked = await revokeTokensOf(trx, userId, 'operator', now);
  const event = { event: 'operator_action', result: 'smoke_restored', actor: app.operator, userId } as const;
  await record(trx, now, { ...event, details: { revoked } });
}
