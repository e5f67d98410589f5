import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { rowRange } from '../../batches/row-range.ts';
import { nextToLock } from '../../batches/lock-rows.ts';
import { nextQueued } from '../../batches/next-queued.ts';
import { ResetError } from '../../errors.ts';
import { describeUnknown, isUnknownHash } from '../../passwords/known-hash.ts';
import type { User } from '../../types.ts';
import { oneAhead } from '../../values/one-ahead.ts';
import { programName } from '../../values/program-name.ts';

/** Users read at a time. */
const PAGE = 2000;
/** Users named in the refusal; the others are counted. */
const NAMED = 5;

/**
 * Checks the stored hash of everybody a plan would mail or lock, before any of that happens. Throws
 * config_invalid with `details.userIds` when no format reads somebody's hash, unless `users.hash` is set.
 */
export async function assertKnownHashes(app: App, batch: Batch): Promise<void> {
  const { hash, hashFormat } = (await app.users()).passwords;
  if (hash !== 'auto') return;
  const unknown: User[] = [];
  for await (const users of oneAhead(recipients(app, batch)))
    unknown.push(...users.filter(({ encoded }) => isUnknownHash({ encoded, preset: hashFormat })));
  const [first] = unknown;
  if (first) throw refuse(first, unknown);
}

async function* recipients(app: App, batch: Batch): AsyncGenerator<User[], void, undefined> {
  const store = await app.users();
  const next = batch.isLocking ? nextToLock : nextQueued;
  let after = (await rowRange(app.ledger, batch.id)).before;
  for (;;) {
    const rows = await next(app.ledger, batch, after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    const users = await store.get([...new Set(rows.map(({ userId }) => userId))]);
    yield [...users.values()].filter(({ refusal }) => refusal === null);
    after = last.rowId;
  }
}

function refuse(first: User, unknown: readonly User[]): ResetError {
  const ids = unknown.slice(0, NAMED).map(({ id }) => id);
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : '';
  const who =
    unknown.length === 1 ? `User ${first.id} has a hash` : `Users ${ids.join(', ')}${more} have a hash`;
  return new ResetError(
    'config_invalid',
    `${who} of a format that reset does not know (${describeUnknown(first.encoded ?? '')}), and the application might not read another one. Nothing was sent or locked. See: ${programName} hashes. Then set users.hash to the format that the application reads, or leave these users out with --except or --exclude.`,
    { details: { reason: 'unknown_hash', count: unknown.length, userIds: ids } },
  );
}
