import type { App } from '../../app.ts';
import { record, type AuditEventName } from '../../audit/record.ts';
import type { Transaction } from '../../db/transaction.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import type { Actor, User } from '../../types.ts';

export interface Change {
  readonly event: AuditEventName;
  readonly actor: Actor;
  readonly user: User;
  /** null: the user has no address to write to */
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** what the mail tells: kinds, and `demanded` */
  readonly about: readonly string[];
}

/** The audit, and the mail to the address as it was read before the change: in the transaction of the change. */
export async function noteChange(app: App, trx: Transaction, change: Change): Promise<void> {
  const { event, actor, user, requestId, details, about } = change;
  const now = app.clock.now();
  await record(trx, now, {
    event,
    result: 'ok',
    actor,
    requestId: requestId ?? undefined,
    userId: user.id,
    details,
  });
  if (requestId === null) return;
  const mail = { requestId, kind: 'access', userId: user.id, recipient: user.email } as const;
  const terms = { actor, occasion: 'support', route: app.route.stamp, expiresInMs: 0 } as const;
  await enqueue(trx, { ...mail, ...terms, about: about.join(',') }, now);
}
