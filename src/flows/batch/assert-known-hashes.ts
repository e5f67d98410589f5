import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { rowRange } from '../../batches/row-range.ts';
import { nextQueued } from '../../batches/next-queued.ts';
import { ResetError } from '../../errors.ts';
import { describeUnknown, isUnknownHash } from '../../passwords/known-hash.ts';
import type { User } from '../../types.ts';
import { oneAhead } from '../../values/one-ahead.ts';
import { programName } from '../../values/program-name.ts';
import { lockablePages } from './lock-batch.ts';

/** Users read at a time. */
const PAGE = 2000;
/** Users named in the refusal; the others are counted. */
const NAMED = 5;

/**
 * Checks the stored hash of everybody a plan would mail or lock, before any of that happens. Throws
 * config_invalid with `details.userIds` when no format reads somebody's hash. Nothing is looked at where `users.hash` is
 * set; otherwise it gives how many passwords the batch locks, so that a million people are read once.
 */
export async function assertKnownHashes(app: App, batch: Batch): Promise<number | undefined> {
  const { hash, hashFormat } = (await app.users()).passwords;
  if (hash !== 'auto') return undefined;
  const unknown: User[] = [];
  let locks = 0;
  for await (const users of oneAhead(batch.isLocking ? locked(app, batch) : mailed(app, batch))) {
    locks += users.length;
    for (const user of users) {
      if (user.refusal !== null) continue;
      if (isUnknownHash({ encoded: user.encoded, preset: hashFormat })) unknown.push(user);
    }
  }
  const [first] = unknown;
  if (first) throw refuse(first, unknown);
  return batch.isLocking ? locks : 0;
}

async function* locked(app: App, batch: Batch): AsyncGenerator<readonly User[], void, undefined> {
  for await (const page of lockablePages(app, batch)) yield page.map(({ user }) => user);
}

async function* mailed(app: App, batch: Batch): AsyncGenerator<readonly User[], void, undefined> {
  const store = await app.users();
  for (let after = (await rowRange(app.ledger, batch.id)).before; ;) {
    const rows = await nextQueued(app.ledger, batch, after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    const users = await store.get([...new Set(rows.map(({ userId }) => userId))]);
    yield [...users.values()];
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
