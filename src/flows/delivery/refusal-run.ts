import type { OutboxMessage, Outcome } from '../../outbox/message.ts';
import type { Clock } from '../../types.ts';

/** When this many people in a row are refused in the same words, it is not about them. */
const IN_A_ROW = 5;

/** Refusals that are about an address, however many people meet them: old lists are full of mailboxes that are gone. */
const ABOUT_ADDRESS =
  /\b5\.[12]\.\d|recipient|mailbox|inbox|no such|unknown|not exist|not found|invalid|disabled|\buser\b|\baccount\b/i;

/** Watches the mails of batches as they end. */
export interface RefusalRun {
  /** the outcome as it is, or, where the server refuses everybody with the same words, a refusal of the sender */
  classify(message: OutboxMessage, outcome: Outcome): Outcome;
}

interface Run {
  readonly words: string;
  readonly people: Set<string>;
}

/** One for each worker. A refusal of the sender pauses the batch and uses up nobody's attempt. */
export function createRefusalRun(clock: Clock): RefusalRun {
  const runs = new Map<string, Run>();
  return {
    classify({ batchId, userId }, outcome) {
      if (batchId === null) return outcome;
      const words = wordsOf(outcome);
      if (words === undefined) {
        if (outcome.state === 'sent' || outcome.state === 'failed') runs.delete(batchId);
        return outcome;
      }
      const last = runs.get(batchId);
      const run = last?.words === words ? last : { words, people: new Set<string>() };
      runs.set(batchId, run);
      run.people.add(userId);
      if (run.people.size < IN_A_ROW) return outcome;
      return { state: 'retry', at: clock.now(), reason: 'sender', reply: outcome.reply, isFree: true };
    },
  };
}

/** A server's final refusal without what differs from mail to mail: addresses, numbers of queues and lines. */
function wordsOf(outcome: Outcome): string | undefined {
  if (outcome.state !== 'failed' || outcome.reason !== 'refused') return undefined;
  const reply = outcome.reply ?? '';
  if (!/^5\d\d\b/.test(reply) || ABOUT_ADDRESS.test(reply)) return undefined;
  return reply.replace(/\S*@\S*/g, '').replace(/\w*\d\w*/g, '');
}
