import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor, Occasion } from '../types.ts';
import { storable } from '../values/printable.ts';
import type { OutboxMessage } from './message.ts';
import { SETUP } from './route.ts';

export interface NewMessage extends Pick<OutboxMessage, 'requestId' | 'kind' | 'userId'> {
  /** only for a notice: see OutboxMessage */
  readonly recipient?: string | undefined;
  /** language of the mail, where it was chosen before the mail is composed */
  readonly locale?: string | undefined;
  readonly actor: Actor;
  /** see OutboxMessage */
  readonly occasion?: Occasion | null | undefined;
  /** see OutboxMessage */
  readonly about?: string | undefined;
  /** who may send it: `app.route.stamp`; without it the mail server of the set-up */
  readonly route?: string | undefined;
  /** life of the link; 0: mail the one that the request has */
  readonly expiresInMs: number;
}

/** 128 random bits in hex: names one request in answers, logs and the audit. Worthless without the secret. */
export const createRequestId = (): string => randomBytes(16).toString('hex');

/** Queue one mail, due at once. */
export const enqueue = (db: Knex, message: NewMessage, now: number): Promise<void> =>
  enqueueAll(db, [message], now);

/** Queue some dozens. */
export async function enqueueAll(db: Knex, messages: readonly NewMessage[], now: number): Promise<void> {
  await db('reset_outbox').insert(messages.map((message) => rowOf(message, now)));
}

const rowOf = ({ actor, ...message }: NewMessage, now: number) => ({
  request_id: message.requestId,
  kind: message.kind,
  user_id: message.userId,
  recipient: message.recipient ?? null,
  locale: message.locale ?? null,
  state: 'queued',
  due_at: now,
  route: message.route ?? SETUP,
  actor_kind: actor.kind,
  actor_name: storable(actor.name, 255),
  ticket: actor.ticket === undefined ? null : storable(actor.ticket, 255),
  occasion: message.occasion ?? null,
  about: message.about ?? null,
  expires_in_s: Math.floor(message.expiresInMs / 1000),
  created_at: now,
});
