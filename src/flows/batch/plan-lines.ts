import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { planRows } from '../../batches/plan-rows.ts';
import type { Line } from '../../batches/read-lines.ts';
import type { SkippedLine } from '../../batches/skip-rows.ts';
import { addSkipped, findPlanned } from '../../batches/skip-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { User } from '../../types.ts';
import { chooseUser, findUsersByEmail, getUsers } from '../../users/reading/find-user.ts';
import { selectUsers } from '../../users/reading/select-users.ts';
import type { BatchRequest } from './batch-request.ts';

/** Lines looked up at a time: a table without an index on the folded address is read once for each page. */
const PAGE = 4000;

export interface Resolved {
  readonly line: Line;
  /** none, one, or several on one address */
  readonly users: readonly User[];
}

/** Rows of the ledger for lines, a page at a time: those that name one user are planned, the others skipped. */
export async function planLines(
  app: App,
  batch: Batch,
  request: BatchRequest,
  lines: AsyncIterable<Line>,
): Promise<void> {
  let firstPosition = 0;
  for await (const page of inPages(lines)) {
    await planPage(app, batch, request, await resolveLines(app, page), firstPosition);
    firstPosition += PAGE;
  }
}

async function planPage(
  app: App,
  batch: Batch,
  { except, changedSince, isMailed }: BatchRequest,
  found: readonly Resolved[],
  firstPosition: number,
): Promise<void> {
  const mapping = await app.mapping();
  await inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    const ids = found.flatMap(({ users }) => chooseUser(users)?.id ?? []);
    const { fresh, skipped } = sort(found, await findPlanned(trx, batch.id, ids));
    await addSkipped(trx, batch, skipped, now);
    if (fresh.length === 0) return;
    const users = selectUsers(trx, mapping, { ids: fresh, except, changedSince });
    await planRows(trx, batch, { users, changedSince, firstPosition, isMailed }, now);
  });
}

function sort(
  found: readonly Resolved[],
  planned: ReadonlySet<string>,
): { fresh: string[]; skipped: SkippedLine[] } {
  const fresh = new Set<string>();
  const skipped: SkippedLine[] = [];
  for (const { line, users } of found) {
    const { email, id } = line;
    const user = chooseUser(users);
    if (users.length === 0) skipped.push({ email, id, reason: 'user_not_found' });
    else if (!user) skipped.push({ email, reason: 'ambiguous' });
    else if (planned.has(user.id) || fresh.has(user.id)) {
      skipped.push({ email: email ?? user.email, id: user.id, reason: 'duplicate' });
    } else fresh.add(user.id);
  }
  return { fresh: [...fresh], skipped };
}

/** The users whom lines name: by id where there is one, else by address. */
export async function resolveLines(app: App, lines: readonly Line[]): Promise<Resolved[]> {
  const mapping = await app.mapping();
  const ids = lines.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const emails = lines.flatMap(({ id, email }) => (id === undefined && email !== undefined ? [email] : []));
  const byId = await getUsers(app.db, mapping, [...new Set(ids)]);
  const byEmail = await findUsersByEmail(app.db, mapping, [...new Set(emails)]);
  return lines.map((line) => {
    if (line.id === undefined) return { line, users: byEmail.get(line.email ?? '') ?? [] };
    const user = byId.get(line.id);
    return { line, users: user ? [user] : [] };
  });
}

/** Some thousand lines at a time. */
export async function* inPages(lines: AsyncIterable<Line>): AsyncGenerator<Line[]> {
  let page: Line[] = [];
  for await (const line of lines) {
    page.push(line);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
