import type { Actor, Occasion } from '../types.ts';

/** Which mail: the reset link, "your password was changed", or what else changed about signing in. */
export type MailKind = 'reset' | 'notice' | 'access';

/**
 * queued → claimed → sent | failed | skipped | unknown; bounced: a mail server took it and it came back later. A claimed
 * row whose lease has run out is as good as queued.
 * unknown: the server's last answer was lost and the attempts are used up, so the mail may have arrived.
 */
export type MessageState = 'queued' | 'claimed' | 'sent' | 'failed' | 'skipped' | 'unknown' | 'bounced';

/** A row of reset_outbox. Instants in milliseconds since the epoch. */
export interface OutboxMessage {
  readonly id: number;
  readonly requestId: string;
  readonly batchId: string | null;
  readonly route: string | null;
  readonly kind: MailKind;
  readonly userId: string;
  /** a notice goes where the mail was before the change; a reset goes to the address stored when it is sent */
  readonly recipient: string | null;
  readonly locale: string | null;
  readonly state: MessageState;
  readonly reason: string | null;
  /** what the mail server answered */
  readonly reply: string | null;
  /** how often it was claimed, this time included */
  readonly attempts: number;
  readonly dueAt: number;
  readonly messageId: string | null;
  /** which reminder this is to its person: 1, 2, …; null: a first mail */
  readonly reminder: number | null;
  readonly actorKind: Actor['kind'];
  readonly actorName: string;
  readonly ticket: string | null;
  /** of a notice: how the link came that was used; null on rows from before there were occasions */
  readonly occasion: Occasion | null;
  /** what a mail of kind `access` tells, separated by commas */
  readonly about: string | null;
  /** life of the token in seconds, from the moment the mail is claimed; 0: a resend, which never gives a new life */
  readonly expiresInS: number;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly state: 'sent'; readonly reply: string | null; readonly recipient?: string | undefined }
  | {
      readonly state: 'retry';
      readonly at: number;
      readonly reason: string;
      readonly reply: string | null;
      /** this attempt does not count */
      readonly isFree?: boolean;
    }
  | {
      readonly state: 'failed' | 'skipped' | 'unknown';
      readonly reason: string;
      readonly reply: string | null;
      readonly recipient?: string | undefined;
    };

/** Column names for a select that gives OutboxMessage. */
export const messageColumns = {
  id: 'id',
  requestId: 'request_id',
  batchId: 'batch_id',
  route: 'route',
  kind: 'kind',
  userId: 'user_id',
  recipient: 'recipient',
  locale: 'locale',
  state: 'state',
  reason: 'reason',
  reply: 'reply',
  attempts: 'attempts',
  dueAt: 'due_at',
  messageId: 'message_id',
  actorKind: 'actor_kind',
  actorName: 'actor_name',
  ticket: 'ticket',
  occasion: 'occasion',
  reminder: 'reminder',
  about: 'about',
  expiresInS: 'expires_in_s',
  createdAt: 'created_at',
  settledAt: 'settled_at',
} as const;
