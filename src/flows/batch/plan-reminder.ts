import { createHash } from 'node:crypto';
import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { findUnfinished, type Batch } from '../../batches/batch.ts';
import { discardBatch } from '../../batches/change-batch.ts';
import { countRows } from '../../batches/count-rows.ts';
import { createBatch, type NewBatch } from '../../batches/create-batch.ts';
import { nextReminder } from '../../batches/reminders.ts';
import { ResetError } from '../../errors.ts';
import { programName } from '../../values/program-name.ts';
import { linkLifeMs } from '../links/link-life.ts';
import { chooseReminded } from './choose-reminded.ts';
import { assertAhead } from './schedule-mails.ts';
import { fillPlan, requireBatch, takeOver, type Plan } from './planning.ts';

/** One `batch remind`, as it was asked for. What is left out is the batch's own. */
export interface ReminderRequest extends Pick<
  NewBatch,
  'actor' | 'reason' | 'canary' | 'startsAt' | 'dayWindow'
> {
  /** the batch whose people are reminded */
  readonly parentId: string;
  /** milliseconds since somebody's last mail */
  readonly afterMs: number;
  /** reminders that one person gets at most */
  readonly max: number;
  /** planned for a look, and dropped */
  readonly isDryRun: boolean;
}

/** Every recipient is settled: the next reminder may be planned. */
const ENDED = ['done', 'incomplete', 'cancelled'] as const;

/**
 * Find the unfinished reminder of this batch, or plan one: a batch of its own, of those who still have no new password.
 *
 * @throws usage_invalid for a batch that never started, that is a reminder itself, or that was redirected
 */
export async function planReminder(app: App, request: ReminderRequest): Promise<Plan> {
  const parent = await requireBatch(app, request.parentId);
  assertRemindable(parent);
  const digest = digestOf(request);
  // Before the look for an unfinished one: a process that comes in between is found, or has taken this number.
  const number = await nextReminder(app.ledger, parent.id);
  const known = await findUnfinished(app.ledger, digest, ENDED);
  if (known?.state === 'planning') {
    await takeOver(app, known);
    await discardBatch(app.ledger, known.id); // this one may be asked for with other numbers
    return planReminder(app, request);
  }
  if (known) return resume(app, known);
  const made = await create(app, parent, request, { digest, number }).catch(async (error: unknown) => {
    // Another process was a moment faster, and has this number.
    const other = await findUnfinished(app.ledger, digest, ENDED);
    if (other === undefined) throw error;
    return other;
  });
  if (typeof made === 'string') {
    return fillPlan(app, made, async (batch) => {
      await chooseReminded(app, batch, request);
      return undefined; // it locks nobody
    });
  }
  if (made.state === 'planning') await takeOver(app, made);
  return resume(app, made);
}

const resume = async (app: App, batch: Batch): Promise<Plan> => ({
  batch,
  counts: await countRows(app.ledger, batch.id, app.clock.now()),
  isResumed: true,
});

/** The same command finds its unfinished batch, whatever its numbers: nobody is reminded twice at a time. */
const digestOf = ({ parentId, isDryRun }: ReminderRequest): string =>
  createHash('sha256')
    .update(JSON.stringify({ reminds: parentId, isDryRun }))
    .digest('hex');

function assertRemindable({ id, parentId, startedAt, redirectTo }: Batch): void {
  if (parentId !== null)
    throw usage(
      `Batch ${id} is a reminder itself. Remind the people of: ${programName} batch remind ${parentId}`,
    );
  if (startedAt === null) throw usage(`Batch ${id} was never started, so there is nobody to remind.`);
  if (redirectTo !== null)
    throw usage(`Every mail of batch ${id} went to ${redirectTo}, so there is nobody to remind.`);
}

async function create(
  app: App,
  parent: Batch,
  request: ReminderRequest,
  { digest, number }: { readonly digest: string; readonly number: number },
): Promise<string> {
  const { parentId, isDryRun, canary, max } = request;
  const now = app.clock.now();
  assertAhead(request, now);
  const selection = `reminder ${number} of ${parentId}`;
  const actor = { ...request.actor, ticket: request.actor.ticket ?? parent.ticket ?? undefined };
  const { config, route } = app;
  const facts = {
    digest,
    selection,
    actor,
    ...termsOf(parent, request, config),
    canary,
    isLocking: false,
    parentId,
    // A look takes no number away.
    reminder: isDryRun ? undefined : number,
    remindersMax: max,
    startsAt: request.startsAt,
    timeZone: config.timeZone,
    route: route.stamp,
  };
  const id = await createBatch(app.ledger, facts, now);
  await record(app.ledger, now, {
    event: 'operator_action',
    result: 'batch_planned',
    actor,
    batchId: id,
    details: { selection },
  });
  return id;
}

/** What is not said is as it was in the first batch. */
const termsOf = (parent: Batch, { reason, dayWindow }: ReminderRequest, config: App['config']) => ({
  reason: reason ?? parent.reason ?? undefined,
  dayWindow: dayWindow ?? parent.dayWindow ?? undefined,
  expiresInMs:
    config.expiresInMs === undefined ? parent.expiresInS * 1000 : linkLifeMs(config, { isBatch: true }),
  rate: config.mail.rate ?? parent.rate ?? undefined,
  ratePerDomain: parent.ratePerDomain ?? undefined,
});

const usage = (message: string): ResetError => new ResetError('usage_invalid', message);
