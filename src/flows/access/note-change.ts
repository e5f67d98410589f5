import { record, type AuditEventName } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import type { Actor } from '../../types.ts';

/** All that our tables get to know of a change. */
export interface ChangeFacts {
  readonly event: AuditEventName;
  readonly actor: Actor;
  readonly userId: string;
  /** who gets the mail: the address as it was read before the change */
  readonly recipient: string;
  /** null: the user has no address to write to */
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** what the mail tells: kinds, and `demanded` */
  readonly about: readonly string[];
  /** who may send the mail */
  readonly route: string;
}

/** The audit, and the mail to the person. */
export async function noteChange(ledger: Db, facts: ChangeFacts, now: number): Promise<void> {
  const { event, actor, userId, recipient, requestId, details, about, route } = facts;
  await record(ledger, now, {
    event,
    result: 'ok',
    actor,
    requestId: requestId ?? undefined,
    userId,
    details,
  });
  if (requestId === null) return;
  const mail = { requestId, kind: 'access', userId, recipient } as const;
  const terms = { actor, occasion: 'support', route, expiresInMs: 0 } as const;
  await enqueue(ledger, { ...mail, ...terms, about: about.join(',') }, now);
}
