import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { ResetError } from '../../errors.ts';
import type { Ending } from '../../users/store/users-store.ts';
import { ACCESS_KINDS, type AccessKind } from '../access/kinds.ts';

/** "Everybody out": what a lock ends unless something else is asked for. Second factors protect the account, and stay unless named. */
const WITH_LOCK: readonly AccessKind[] = ['session', 'remember-me', 'api-token', 'oauth-grant'];

/** What ends with this lock, for the row of its batch. Throws access_unknown for a kind that is not in this database. */
export async function endsOfLock(app: App, named: readonly AccessKind[] = []): Promise<string> {
  const known = new Set((await (await app.users()).knownAccess()).map(({ kind }) => kind));
  const unknown = named.filter((kind) => !known.has(kind));
  if (unknown.length > 0) {
    throw new ResetError(
      'access_unknown',
      `The preset ${app.config.users.preset} finds no ${unknown.join(' and no ')} in this database. Nothing was planned. It knows: ${known.size === 0 ? 'none' : [...known].join(', ')}.`,
      { details: { kinds: [...known] } },
    );
  }
  return ACCESS_KINDS.filter((kind) => known.has(kind) && [...WITH_LOCK, ...named].includes(kind)).join(',');
}

/** What ends beside what a lock ends by itself: second factors, which protect the account. `ends`: of a batch's row. */
export function endsBeyondLock(ends: string | null | undefined): readonly AccessKind[] {
  const named = (ends ?? '').split(',');
  return ACCESS_KINDS.filter((kind) => named.includes(kind) && !WITH_LOCK.includes(kind));
}

/** Ends for everybody who is locked what a reset ends, and what the batch ends besides. */
export async function endingOf(app: App, { ends }: Pick<Batch, 'ends'>): Promise<Ending> {
  const named = (ends ?? '').split(',');
  return (await app.users()).endWithLock(ACCESS_KINDS.filter((kind) => named.includes(kind)));
}
