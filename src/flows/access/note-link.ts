import { record } from '../../audit/record.ts';
import { rememberLocks } from '../../batches/user-locks.ts';
import type { Db } from '../../db/connect.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import type { ChangeFacts } from './note-change.ts';

/** A link that is mailed with a change, because the old password ended with it. */
export interface LinkFacts {
  /** of the mail with the link */
  readonly requestId: string;
  readonly expiresInMs: number;
}

/** What proves later that the password is dead (`encoded`: as it is stored; null: there was none), and the mail with the link. */
export async function noteLink(
  ledger: Db,
  { actor, userId, route }: Pick<ChangeFacts, 'actor' | 'userId' | 'route'>,
  { requestId, expiresInMs }: LinkFacts,
  encoded: string | null,
  now: number,
): Promise<void> {
  if (encoded !== null) {
    await rememberLocks(ledger, [{ userId, encoded }], now);
    await record(ledger, now, { event: 'operator_action', result: 'user_locked', actor, userId });
  }
  // Sentences of a batch: they say that the old password is dead.
  const mail = { requestId, kind: 'reset', userId, actor, occasion: 'batch', route, expiresInMs } as const;
  await enqueue(ledger, mail, now);
  await record(ledger, now, { event: 'reset_requested', result: 'ok', actor, requestId, userId });
}
