import type { App } from '../../app.ts';
import { getBatch, type Batch } from '../../batches/batch.ts';
import { discardBatch, dropRows, renewPlanning, takeOverPlanning } from '../../batches/change-batch.ts';
import { countRows, type Counts } from '../../batches/count-rows.ts';
import { PLANNING_LEASE_MS } from '../../batches/create-batch.ts';
import { ResetError } from '../../errors.ts';
import { causeOf } from '../../log.ts';
import { programName } from '../../values/program-name.ts';

export interface Plan {
  readonly batch: Batch;
  readonly counts: Counts;
  /** how many passwords it locks, where the plan has counted them */
  readonly locks?: number | undefined;
  /** an unfinished batch of the same selection was found: nothing was planned this time */
  readonly isResumed: boolean;
}

/** Writes the ledger of a batch that has none yet; if that fails, nothing is left behind. `fill` gives `locks`. */
export async function fillPlan(
  app: App,
  id: string,
  fill: (batch: Batch) => Promise<number | undefined>,
): Promise<Plan> {
  const renewal = keepPlanning(app, id);
  let locks: number | undefined;
  try {
    locks = await fill(await requireBatch(app, id));
  } catch (error) {
    await discardBatch(app.ledger, id).catch(() => undefined); // a wrong column, a broken file: that is the error to report
    throw error;
  } finally {
    clearInterval(renewal);
  }
  return {
    batch: await requireBatch(app, id),
    counts: await countRows(app.ledger, id, app.clock.now()),
    locks,
    isResumed: false,
  };
}

/** Say that this process is alive while it plans, asks or locks. Stop with clearInterval. */
export function keepPlanning(app: App, id: string): NodeJS.Timeout {
  return setInterval(() => {
    renewPlanning(app.ledger, id, app.clock.now()).catch((error: unknown) => {
      app.log.warn('lease_not_renewed', { cause: causeOf(error) });
    });
  }, PLANNING_LEASE_MS / 3).unref();
}

/** Throws usage_invalid when there is none. */
export async function requireBatch(app: App, id: string): Promise<Batch> {
  const batch = await getBatch(app.ledger, id);
  if (batch) return batch;
  throw new ResetError(
    'usage_invalid',
    `There is no batch ${JSON.stringify(id)}. See: ${programName} batch list`,
  );
}

/** From a process that died while it planned or locked. */
export async function takeOver(app: App, { id, state }: Batch): Promise<void> {
  if (await takeOverPlanning(app.ledger, id, app.clock.now())) {
    if (state === 'planning') await dropRows(app.ledger, id);
    return;
  }
  throw new ResetError(
    'usage_invalid',
    `Another process is planning this batch (${id}). Wait for it; if it has died, try again in half a minute.`,
    { details: { batch: id } },
  );
}
