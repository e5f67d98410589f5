import { toIso } from '../../values/instant.ts';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Batch } from '../../batches/batch.ts';
import { findDone, findUnfinished, getBatch } from '../../batches/batch.ts';
import { discardBatch, dropRows, renewPlanning, takeOverPlanning } from '../../batches/change-batch.ts';
import type { Counts } from '../../batches/count-rows.ts';
import { countRows } from '../../batches/count-rows.ts';
import { createBatch, PLANNING_LEASE_MS } from '../../batches/create-batch.ts';
import { planRows } from '../../batches/plan-rows.ts';
import { readLines, type Line } from '../../batches/read-lines.ts';
import { skipSharedAddresses, skipUnwritable } from '../../batches/skip-rows.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { selectUsers } from '../../users/reading/select-users.ts';
import { assertKnownHashes } from './assert-known-hashes.ts';
import type { BatchRequest } from './batch-request.ts';
import { describeRequest, digestRequest } from './batch-request.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { plainAddress } from '../../values/plain-address.ts';
import { columnHints } from './column-hints.ts';
import { spareChanged } from './spare-changed.ts';
import { findUsersByHash } from './hash-choice.ts';
import { excludePeople } from './exclude-people.ts';
import { planLines } from './plan-lines.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { programName } from '../../values/program-name.ts';
import { causeOf } from '../../log.ts';

export type { Batch } from '../../batches/batch.ts';

export interface Plan {
  readonly batch: Batch;
  readonly counts: Counts;
  /** an unfinished batch of the same selection was found: nothing was planned this time */
  readonly isResumed: boolean;
}

/**
 * Find the unfinished batch of this selection, or plan one: a row of the ledger for every recipient, none of which is
 * delivered before the batch is started. The planning of a process that died is done over. `isNew`: do not look for one.
 */
export async function planBatch(app: App, request: BatchRequest, isNew: boolean): Promise<Plan> {
  const digest = await digestRequest(app, request);
  const known = isNew ? undefined : await findUnfinished(app.db, digest);
  const isUnplanned = known?.state === 'planning';
  if (known && (isUnplanned || known.state === 'locking')) await takeOver(app, known);
  if (known && !isUnplanned) {
    return { batch: known, counts: await countRows(app.db, known.id), isResumed: true };
  }
  if (request.isLocking && !isNew) await assertNotDone(app, digest);
  return planNew(app, known?.id ?? (await create(app, request, digest)), request);
}

/** Writes the ledger of a batch that has none yet; if that fails, nothing is left behind. */
async function planNew(app: App, id: string, request: BatchRequest): Promise<Plan> {
  const renewal = keepPlanning(app, id);
  try {
    await plan(app, await requireBatch(app, id), request);
  } catch (error) {
    await discardBatch(app.db, id).catch(() => undefined); // a wrong column, a broken file: that is the error to report
    throw error;
  } finally {
    clearInterval(renewal);
  }
  return { batch: await requireBatch(app, id), counts: await countRows(app.db, id), isResumed: false };
}

/** Say that this process is alive while it plans, asks or locks. Stop with clearInterval. */
export function keepPlanning(app: App, id: string): NodeJS.Timeout {
  return setInterval(() => {
    renewPlanning(app.db, id, app.clock.now()).catch((error: unknown) => {
      app.log.warn('lease_not_renewed', { cause: causeOf(error) });
    });
  }, PLANNING_LEASE_MS / 3).unref();
}

/** Throws usage_invalid when there is none. */
export async function requireBatch(app: App, id: string): Promise<Batch> {
  const batch = await getBatch(app.db, id);
  if (batch) return batch;
  throw new ResetError(
    'usage_invalid',
    `There is no batch ${JSON.stringify(id)}. See: ${programName} batch list`,
  );
}

/** Given again by mistake, a lock would take away the new passwords of those who have come back. */
async function assertNotDone(app: App, digest: string): Promise<void> {
  const done = await findDone(app.db, digest);
  if (!done) return;
  const at = toIso(done.endedAt ?? done.createdAt);
  throw new ResetError(
    'usage_invalid',
    `Batch ${done.id} has done this already: it ended at ${at}. Nothing was locked or sent. To send a new link to those who still have no new password, use the same command without --lock and --expect, with --skip-if-changed-since ${toIso(done.createdAt)}. To lock everybody again, also people with a new password: --new`,
    { details: { batch: done.id, state: done.state } },
  );
}

/** From a process that died while it planned or locked. */
async function takeOver(app: App, { id, state }: Batch): Promise<void> {
  if (await takeOverPlanning(app.db, id, app.clock.now())) {
    if (state === 'planning') await dropRows(app.db, id);
    return;
  }
  throw new ResetError(
    'usage_invalid',
    `Another process is planning this batch (${id}). Wait for it; if it has died, try again in half a minute.`,
    { details: { batch: id } },
  );
}

async function create(app: App, request: BatchRequest, digest: string): Promise<string> {
  const now = app.clock.now();
  const id = await createBatch(
    app.db,
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
      route: app.route.stamp,
    },
    now,
  );
  await record(app.db, now, {
    event: 'operator_action',
    result: 'batch_planned',
    actor: request.actor,
    batchId: id,
    details: { selection: describeRequest(request) },
  });
  return id;
}

async function plan(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const { choice } = request;
  if (choice.kind === 'users') await planUsers(app, batch, request);
  else await planLines(app, batch, request, linesOf(app, request, choice));
  await excludePeople(app, batch, request);
  await spareChanged(app, batch, request);
  await inTransaction(app.db, async (trx) => {
    await skipUnwritable(trx, batch.id, app.clock.now());
    await skipSharedAddresses(trx, batch.id, app.clock.now());
  });
  await assertKnownHashes(app, batch);
}

/** The whole selection in one statement inside the database. */
async function planUsers(app: App, batch: Batch, request: BatchRequest): Promise<void> {
  const mapping = await app.mapping();
  const where = request.choice.kind === 'users' ? request.choice.where : [];
  await inTransaction(app.db, (trx) =>
    planRows(
      trx,
      batch,
      {
        users: selectUsers(trx, mapping, {
          where,
          except: request.except,
          changedSince: request.changedSince,
        }),
        changedSince: request.changedSince,
        firstPosition: 0,
        isMailed: request.isMailed,
      },
      app.clock.now(),
    ),
  );
}

type LineChoice = Exclude<BatchRequest['choice'], { kind: 'users' }>;

async function* linesOf(app: App, request: BatchRequest, choice: LineChoice): AsyncGenerator<Line> {
  switch (choice.kind) {
    case 'file':
      yield* readLines(choice.file, await columnHints(app, request, choice.file));
      return;
    case 'hashes':
      yield* findUsersByHash(app, choice.hash);
      return;
    case 'addresses':
      for (const email of choice.emails) yield { email: plainAddress(email) };
      return;
    case 'user':
      yield { id: (await findAnyUser(app, choice.identifier)).id };
  }
}
