import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { PauseCode } from '../../batches/batch.ts';
import { noteTransport } from '../../batches/breaker.ts';
import { pauseBatch } from '../../batches/change-batch.ts';
import type { Transaction } from '../../db/transaction.ts';
import type { Outcome } from '../../outbox/message.ts';
import type { Delivered } from './delivered.ts';

interface Fault {
  readonly code: PauseCode;
  /** for the operator */
  readonly reason: string;
}

/** The circuit breaker: when the mail server is at fault, continuing would only use up everybody's attempts. */
export async function watchTransport(
  app: App,
  trx: Transaction,
  delivered: readonly Delivered[],
  now: number,
): Promise<void> {
  for (const id of new Set(delivered.map(({ message }) => message.batchId))) {
    if (id === null) continue;
    const outcomes = delivered.filter(({ message }) => message.batchId === id).map(({ outcome }) => outcome);
    const fault = await findFault(trx, id, outcomes, now);
    if (fault === undefined || !(await pauseBatch(trx, id, fault))) continue;
    await record(trx, now, {
      event: 'operator_action',
      result: 'batch_paused',
      actor: { kind: 'system', name: app.worker },
      batchId: id,
      details: { ...fault },
    });
  }
}

async function findFault(
  trx: Transaction,
  id: string,
  outcomes: readonly Outcome[],
  now: number,
): Promise<Fault | undefined> {
  const because = (reason: string) =>
    outcomes.filter((outcome) => outcome.state !== 'sent' && outcome.reason === reason);
  const [refusal] = [...because('auth'), ...because('sender')];
  if (refusal) {
    return {
      code: 'server_refused',
      reason: `the mail server accepts no mail from us: ${refusal.reply ?? ''}`,
    };
  }
  const [full] = because('quota');
  if (full)
    return { code: 'quota', reason: `the mail server accepts no more mail for now: ${full.reply ?? ''}` };
  const errors = [...because('connection'), ...because('busy')];
  const isAlive = outcomes.some(
    (outcome) => outcome.state === 'sent' || ['temporary', 'refused'].includes(outcome.reason),
  );
  const isAway = await noteTransport(trx, id, { errors: errors.length, isAlive }, now);
  return isAway
    ? { code: 'server_away', reason: `the mail server cannot be reached: ${errors[0]?.reply ?? ''}` }
    : undefined;
}
