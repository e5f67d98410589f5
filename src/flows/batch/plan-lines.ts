import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { planRows } from '../../batches/plan-rows.ts';
import type { Line } from '../../batches/read-lines.ts';
import type { SkippedLine } from '../../batches/skip-rows.ts';
import { addSkipped, findPlanned } from '../../batches/skip-rows.ts';
import { inTransaction, type Transaction } from '../../db/transaction.ts';
import { oneAhead } from '../../values/one-ahead.ts';
import { chooseUser } from '../../users/store/identifier.ts';
import type { BatchRequest } from './batch-request.ts';
import { inPages, PAGE, resolveLines, type Resolved } from './resolve-lines.ts';
import { selectedUsers } from './selected-users.ts';

/** Rows of the ledger for lines, a page at a time: those that name one user are planned, the others skipped. */
export async function planLines(
  app: App,
  batch: Batch,
  request: BatchRequest,
  lines: AsyncIterable<Line>,
): Promise<void> {
  await planResolved(app, batch, request, resolvePages(app, lines));
}

/** The same, for users who are already known. */
export async function planResolved(
  app: App,
  batch: Batch,
  request: BatchRequest,
  pages: AsyncGenerator<readonly Resolved[], void, undefined>,
): Promise<void> {
  let firstPosition = 0;
  // The next page is read while this one is written.
  for await (const page of oneAhead(pages)) {
    await planPage(app, batch, request, page, firstPosition);
    firstPosition += PAGE;
  }
}

async function* resolvePages(
  app: App,
  lines: AsyncIterable<Line>,
): AsyncGenerator<readonly Resolved[], void, undefined> {
  for await (const page of inPages(lines)) yield resolveLines(app, page);
}

async function planPage(
  app: App,
  batch: Batch,
  { choice, except, changedSince, isMailed }: BatchRequest,
  found: readonly Resolved[],
  firstPosition: number,
): Promise<void> {
  await app.users(); // before the transaction: it looks at the schema
  await inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    const { fresh, skipped } = sort(found, await plannedBefore(trx, batch, choice, found));
    await addSkipped(trx, batch, skipped, now);
    if (fresh.length === 0) return;
    const where = choice.kind === 'hashes' ? choice.where : [];
    const selection = { ids: fresh, where, except, changedSince };
    for await (const selected of selectedUsers(app, trx, selection))
      await planRows(trx, batch, { ...selected, changedSince, firstPosition, isMailed }, now);
  });
}

/** Lines may name somebody twice; a hash is looked at once for each user. */
async function plannedBefore(
  trx: Transaction,
  batch: Batch,
  { kind }: BatchRequest['choice'],
  found: readonly Resolved[],
): Promise<ReadonlySet<string>> {
  if (kind === 'hashes') return new Set();
  const ids = found.flatMap(({ users }) => chooseUser(users)?.id ?? []);
  return findPlanned(trx, batch.id, ids);
}

function sort(
  found: readonly Resolved[],
  planned: ReadonlySet<string>,
): { fresh: string[]; skipped: SkippedLine[] } {
  const fresh = new Set<string>();
  const skipped: SkippedLine[] = [];
  for (const { line: written, users, isContradictory } of found) {
    const { email, id, line } = written;
    const user = chooseUser(users);
    if (isContradictory) skipped.push({ email, line, contradictedBy: id, reason: 'line_mismatch' });
    else if (users.length === 0) skipped.push({ email, id, line, reason: 'user_not_found' });
    else if (!user) skipped.push({ email, line, reason: 'ambiguous' });
    else if (planned.has(user.id) || fresh.has(user.id)) {
      skipped.push({ email: email ?? user.email, id: user.id, line, reason: 'duplicate' });
    } else fresh.add(user.id);
  }
  return { fresh: [...fresh], skipped };
}
