import { toIso } from '../../values/instant.ts';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { assertTicketForEnds, spareProtected } from './guard-ends.ts';
import { endsOfLock } from './lock-ends.ts';
import type { Batch } from '../../batches/batch.ts';
import { findDone, findUnfinished } from '../../batches/batch.ts';
import { countRows } from '../../batches/count-rows.ts';
import { createBatch } from '../../batches/create-batch.ts';
import { planRows } from '../../batches/plan-rows.ts';
import { readLines, type Line } from '../../batches/read-lines.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import type { BatchRequest } from './batch-request.ts';
import { describeRequest, digestRequest } from './batch-request.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { plainAddress } from '../../values/plain-address.ts';
import { columnHints } from './column-hints.ts';
import { selectedUsers } from './selected-users.ts';
import { spareChanged } from './spare-changed.ts';
import { findUsersByHash } from './hash-choice.ts';
import { excludePeople } from './exclude-people.ts';
import { finishPlan } from './finish-plan.ts';
import { planLines, planResolved } from './plan-lines.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { assertAhead } from './schedule-mails.ts';
import { fillPlan, takeOver, type Plan } from './planning.ts';

export type { Batch } from '../../batches/batch.ts';
export type { Plan } from './planning.ts';
export { keepPlanning, requireBatch } from './planning.ts';

/**
 * Find the unfinished batch of this selection, or plan one: a row of the ledger for every recipient, none of which is
 * delivered before the batch is started. The planning of a process that died is done over. `isNew`: do not look for one.
 */
export async function planBatch(app: App, request: BatchRequest, isNew: boolean): Promise<Plan> {
  const digest = await digestRequest(app, request);
  const known = isNew ? undefined : await findUnfinished(app.ledger, digest);
  const isUnplanned = known?.state === 'planning';
  if (known && (isUnplanned || known.state === 'locking')) await takeOver(app, known);
  if (known && !isUnplanned) {
    return { batch: known, counts: await countRows(app.ledger, known.id, app.clock.now()), isResumed: true };
  }
  if (request.isLocking && !isNew) await assertNotDone(app, digest);
  const id = known?.id ?? (await create(app, request, digest));
  return fillPlan(app, id, (batch) => plan(app, batch, request));
}

/** Given again by mistake, a lock would take away the new passwords of those who have come back. */
async function assertNotDone(app: App, digest: string): Promise<void> {
  const done = await findDone(app.ledger, digest);
  if (!done) return;
  const at = toIso(done.endedAt ?? done.createdAt);
  throw new ResetError(
    'usage_invalid',
    `Batch ${done.id} has done this already: it ended at ${at}. Nothing was locked or sent. To send a new link to those who still have no new password, use the same command without --lock and --expect, with --skip-if-changed-since ${toIso(done.createdAt)}. To lock everybody again, also people with a new password: --new`,
    { details: { batch: done.id, state: done.state } },
  );
}

async function create(app: App, request: BatchRequest, digest: string): Promise<string> {
  const now = app.clock.now();
  assertAhead(request, now);
  const ends = request.isLocking ? await endsOfLock(app, request.ends) : undefined;
  await assertTicketForEnds(app, request.actor, ends);
  const id = await createBatch(
    app.ledger,
    {
      digest,
      selection: describeRequest(request),
      actor: request.actor,
      reason: request.reason,
      redirectTo: request.redirectTo,
      expiresInMs: linkLifeMs(app.config, { isBatch: !request.isSingle }),
      rate: app.config.mail.rate,
      ratePerDomain: request.ratePerDomain,
      canary: request.canary,
      isLocking: request.isLocking,
      ends,
      startsAt: request.startsAt,
      dayWindow: request.dayWindow,
      timeZone: app.config.timeZone,
      route: app.route.stamp,
    },
    now,
  );
  await record(app.ledger, now, {
    event: 'operator_action',
    result: 'batch_planned',
    actor: request.actor,
    batchId: id,
    details: { selection: describeRequest(request) },
  });
  return id;
}

async function plan(app: App, batch: Batch, request: BatchRequest): Promise<number | undefined> {
  const { choice } = request;
  if (choice.kind === 'users') await planUsers(app, batch, request);
  else if (choice.kind === 'hashes')
    await planResolved(app, batch, request, findUsersByHash(app, choice.hash));
  else await planLines(app, batch, request, linesOf(app, request, choice));
  await excludePeople(app, batch, request);
  await spareChanged(app, batch, request);
  await spareProtected(app, batch, request);
  return finishPlan(app, batch, choice.kind === 'hashes'); // chosen by what was read of each hash
}

/** The whole selection in one transaction. */
async function planUsers(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const { choice, except, changedSince, isMailed } = request;
  await app.users(); // before the transaction: it looks at the schema
  const selection = { where: choice.kind === 'users' ? choice.where : [], except, changedSince };
  await inTransaction(app.ledger, async (trx) => {
    const now = app.clock.now();
    for await (const selected of selectedUsers(app, trx, selection))
      await planRows(trx, batch, { ...selected, changedSince, firstPosition: 0, isMailed }, now);
  });
}

type LineChoice = Exclude<BatchRequest['choice'], { kind: 'users' | 'hashes' }>;

async function* linesOf(app: App, request: BatchRequest, choice: LineChoice): AsyncGenerator<Line> {
  switch (choice.kind) {
    case 'file':
      yield* readLines(choice.file, await columnHints(app, request, choice.file));
      return;
    case 'addresses':
      for (const email of choice.emails) yield { email: plainAddress(email) };
      return;
    case 'user':
      yield { id: (await findAnyUser(app, choice.identifier)).id };
  }
}
