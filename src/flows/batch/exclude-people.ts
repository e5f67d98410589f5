import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { isBlank, readLines } from '../../batches/read-lines.ts';
import { excludeUsers } from '../../batches/skip-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import type { BatchRequest, PeopleFile } from './batch-request.ts';
import { columnHints } from './column-hints.ts';
import { describeLine, unknownLinesError, type UnknownLine } from './unknown-lines.ts';
import { inPages, resolveLines } from './resolve-lines.ts';

/**
 * Leave the people of `--exclude` out. A line that names nobody may be a typing error, and then somebody would get a
 * mail or lose a password who must not. So it stops everything, unless the operator said to ignore such lines; then
 * everybody who could be meant is left out.
 *
 * @throws user_not_found with the lines; usage_invalid for a file without any text
 */
export async function excludePeople(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const { exclude, ignoresUnknown = false } = request;
  if (exclude === undefined) return;
  if (!ignoresUnknown) await assertNotBlank(exclude);
  const unknown: UnknownLine[] = [];
  for await (const page of inPages(readLines(exclude, await columnHints(app, request, exclude)))) {
    const found = await resolveLines(app, page);
    unknown.push(...found.filter(isUnknown).map(toUnknownLine));
    const ids = found.flatMap(({ users }) => users.map((user) => user.id));
    await inTransaction(app.ledger, (trx) => excludeUsers(trx, batch.id, ids, app.clock.now()));
  }
  if (unknown.length === 0) return;
  if (!ignoresUnknown) throw unknownLinesError(exclude.name, unknown);
  for (const { line, text } of unknown) app.log.warn('excluded_user_not_found', { line, text });
}

type Line = Awaited<ReturnType<typeof resolveLines>>[number];

/** Names nobody, or two different people. */
const isUnknown = ({ users, isContradictory }: Line): boolean => users.length === 0 || isContradictory;

const toUnknownLine = ({ line, isContradictory }: Line): UnknownLine => ({
  ...describeLine(line, isContradictory),
  line: line.line,
});

async function assertNotBlank(exclude: PeopleFile): Promise<void> {
  if (!(await isBlank(exclude))) return;
  throw new ResetError(
    'usage_invalid',
    `${exclude.name}, the file of --exclude, is empty, so nobody would be left out. Nothing was sent. If that is what you want, add --ignore-unknown.`,
  );
}
