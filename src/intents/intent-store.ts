import { randomBytes } from 'node:crypto';
import type { Db } from '../db/connect.ts';
import { asciiJson } from '../values/printable.ts';

/**
 * `reset`: a new password by a link; `lock`: one step of a batch in breach mode; `access`: what else opens an account;
 * `require`: one page of people who are asked for a new password.
 */
export type IntentKind = 'reset' | 'lock' | 'access' | 'require';

/** Something that is about to be written in the users' database. */
export interface NewIntent {
  readonly kind: IntentKind;
  readonly userId?: string;
  readonly batchId?: string;
  /** what has to be written in our tables afterwards, and how the write is recognised; no password, no token */
  readonly facts: object;
}

export interface Intent {
  readonly id: string;
  readonly kind: IntentKind;
  readonly facts: unknown;
  /** milliseconds since the epoch */
  readonly createdAt: number;
}

/** Which of them: all about one user or one batch, of one kind, or all that are older. */
export type IntentScope =
  | { readonly userId: string }
  | { readonly batchId: string }
  | { readonly kind: IntentKind }
  /** milliseconds since the epoch */
  | { readonly createdBefore: number };

/** Say what is about to be written. Gives the id. `now` in milliseconds. */
export async function declareIntent(
  db: Db,
  { kind, userId, batchId, facts }: NewIntent,
  now: number,
): Promise<string> {
  const id = randomBytes(16).toString('hex');
  await db('reset_intents').insert({
    id,
    kind,
    user_id: userId ?? null,
    batch_id: batchId ?? null,
    facts: asciiJson(facts),
    created_at: now,
  });
  return id;
}

/** Wait for whoever holds it, and keep others from it until the transaction ends. False: somebody has finished it. */
export async function holdIntent(trx: Db, id: string): Promise<boolean> {
  return (await trx('reset_intents').where({ id }).increment('holds', 1)) === 1;
}

/** It is done, or nothing was written. False: it was not there any more. */
export async function dropIntent(db: Db, id: string): Promise<boolean> {
  return (await db('reset_intents').where({ id }).delete()) === 1;
}

/** Oldest first. */
export async function openIntents(db: Db, scope: IntentScope): Promise<Intent[]> {
  const query = db('reset_intents').select({
    id: 'id',
    kind: 'kind',
    facts: 'facts',
    createdAt: 'created_at',
  });
  if ('userId' in scope) void query.where({ user_id: scope.userId });
  else if ('batchId' in scope) void query.where({ batch_id: scope.batchId });
  else if ('kind' in scope) void query.where({ kind: scope.kind });
  else void query.where('created_at', '<', scope.createdBefore);
  const rows = (await query.orderBy('created_at').limit(100)) as (Omit<Intent, 'facts' | 'createdAt'> & {
    facts: string;
    createdAt: number | string;
  })[];
  return rows.map((row) => ({
    ...row,
    facts: JSON.parse(row.facts) as unknown,
    createdAt: Number(row.createdAt),
  }));
}
