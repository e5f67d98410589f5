import type { App } from '../../app.ts';
import { actorOf, type Batch } from '../../batches/batch.ts';
import { nextToLock } from '../../batches/lock-rows.ts';
import { skipRows } from '../../batches/skip-rows.ts';
import type { Actor } from '../../types.ts';
import { assertTicket, auditingRefusals, countMany, findProtected } from '../access/guard-operator.ts';
import type { BatchRequest } from './batch-request.ts';
import { countLocks } from './lock-batch.ts';
import { endsBeyondLock } from './lock-ends.ts';

/** Users looked at in one query. */
const PAGE = 2000;

/** A batch that ends second factors asks for a ticket where one is required. Throws usage_invalid; it is audited. */
export async function assertTicketForEnds(app: App, actor: Actor, ends: string | undefined): Promise<void> {
  const kinds = endsBeyondLock(ends);
  if (kinds.length === 0) return;
  await auditingRefusals(app, { actor, kinds }, () => {
    assertTicket(app, actor);
    return Promise.resolve();
  });
}

/**
 * People of `support.protect` keep their second factors, and so their password: they are left out of a batch that ends
 * any, unless the operator insists.
 */
export async function spareProtected(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const isGuarded = Object.keys(app.config.support.protect).length > 0;
  if (!isGuarded || request.forceProtected === true || endsBeyondLock(batch.ends).length === 0) return;
  const store = await app.users();
  for (let after = 0; ;) {
    const rows = await nextToLock(app.ledger, batch, after, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    const users = await store.get(rows.map(({ userId }) => userId));
    const guarded = await findProtected(app, [...users.values()]);
    const rowIds = rows.filter(({ userId }) => guarded.has(userId)).map(({ rowId }) => rowId);
    await skipRows(app.ledger, rowIds, 'protected', app.clock.now());
    after = last.rowId;
  }
}

/** Counts everybody whose second factors will end against `support.perHour`. Throws throttled; it is audited. */
export async function countForEnds(app: App, batch: Batch): Promise<void> {
  const kinds = endsBeyondLock(batch.ends);
  if (kinds.length === 0 || app.config.support.perHour === undefined) return;
  const actor = actorOf(batch);
  const users = await countLocks(app, batch);
  await auditingRefusals(app, { actor, kinds }, () => countMany(app, actor, users));
}
