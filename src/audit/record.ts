import type { Knex } from 'knex';
import type { Actor } from '../types.ts';
import { asciiJson, storable } from '../values/printable.ts';

/** What is worth remembering. Names follow the OWASP logging vocabulary where it has one. */
export type AuditEventName =
  | 'reset_requested'
  | 'link_issued'
  | 'code_issued'
  | 'code_accepted'
  | 'code_refused'
  | 'mail_sent'
  | 'mail_failed'
  | 'mail_skipped'
  | 'mail_bounced'
  | 'token_verify_failed'
  | 'token_reused'
  | 'token_revoked'
  | 'password_changed'
  | 'password_change_failed'
  | 'request_throttled'
  | 'access_ended'
  | 'access_refused'
  | 'change_demanded'
  | 'change_lifted'
  | 'user_added'
  | 'key_rotated'
  | 'batch_started'
  | 'batch_ended'
  | 'operator_action';

export interface AuditEvent {
  readonly event: AuditEventName;
  /** `ok`, or an error code or reason */
  readonly result: string;
  readonly actor: Actor;
  /** the request that a mail and its link belong to */
  readonly requestId?: string | undefined;
  readonly batchId?: string | undefined;
  /** in the application's users table */
  readonly userId?: string | undefined;
  /** never a token, password, hash or key */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Append events. In a transaction, they are committed or rolled back together with what they describe (R91). `now` in milliseconds. */
export async function record(db: Knex, now: number, ...events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db('reset_audit').insert(
    events.map(({ event, result, actor, requestId, batchId, userId, details }) => ({
      at: now,
      event,
      result: result.slice(0, 32),
      request_id: requestId ?? null,
      batch_id: batchId ?? null,
      user_id: userId ?? null,
      actor_kind: actor.kind,
      actor_name: storable(actor.name, 255),
      ticket: actor.ticket === undefined ? null : storable(actor.ticket, 255),
      details: details === undefined ? null : asciiJson(details),
    })),
  );
}
