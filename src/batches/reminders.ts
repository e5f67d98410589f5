import type { Knex } from 'knex';
import { unindexed } from '../db/unindexed.ts';
import { getBatch, type Batch } from './batch.ts';

/** A batch with its reminders: the people are the first one's. */
export interface Family {
  readonly ids: readonly string[];
  /** when the first one was planned (milliseconds since the epoch): a link used before says nothing about it */
  readonly since: number;
}

/** The number that the next reminder of this batch gets: 1, 2, … */
export async function nextReminder(db: Knex, parentId: string): Promise<number> {
  const row = (await db('reset_batches').where({ parent_id: parentId }).max({ last: 'reminder' }).first()) as
    { last: number | string | null } | undefined;
  return Number(row?.last ?? 0) + 1;
}

/** The ids of the reminders of this batch that were started, in their order. */
export const remindersOf = (db: Knex, parentId: string): Promise<string[]> =>
  db('reset_batches')
    .where({ parent_id: parentId })
    .whereNotNull('started_at')
    .orderBy('reminder')
    .pluck<string[]>('id');

/** The family of a reminder. A parent that a clean-up removed is no longer asked. */
export async function familyOf(db: Knex, reminder: Batch): Promise<Family> {
  const parentId = reminder.parentId ?? reminder.id;
  const { createdAt } = (await getBatch(db, parentId)) ?? reminder;
  return { ids: [parentId, ...(await remindersOf(db, parentId))], since: createdAt };
}

/** Somebody who was to get a mail of a batch. */
export interface Recipient {
  readonly rowId: number;
  readonly userId: string;
  readonly email: string | null;
}

/** The next people of a batch who got its mail or should have, between these rows. */
export async function nextRecipients(
  db: Knex,
  batchId: string,
  { after, last, limit }: { readonly after: number; readonly last: number; readonly limit: number },
): Promise<Recipient[]> {
  return (await db('reset_outbox')
    .select({ rowId: 'id', userId: 'user_id', email: 'recipient' })
    .where(unindexed(db, 'batch_id'), '=', batchId)
    .andWhere('user_id', '<>', '')
    .andWhere('id', '>', after)
    .andWhere('id', '<=', last)
    .andWhere(asked())
    .orderBy('id')
    .limit(limit)) as Recipient[];
}

/** Got the mail or should have: it was begun, or was not skipped by the plan. Who has used its link is counted as changed. */
const asked =
  (table = 'reset_outbox') =>
  (or: Knex.QueryBuilder): void =>
    void or
      .where(`${table}.state`, '<>', 'skipped')
      .orWhere(
        (begun) => void begun.whereNotNull(`${table}.message_id`).whereNot(`${table}.reason`, 'cancelled'),
      );

/** The number of this user's row in the batch that is reminded of, as SQL; `userId` is a column. */
export const firstRow = (db: Knex, parentId: string, userId: string): Knex.QueryBuilder =>
  db('reset_outbox as p')
    .max('p.id')
    .whereRaw('p.user_id = ??', [userId])
    .andWhere(unindexed(db, 'p.batch_id'), '=', parentId)
    .andWhere(asked('p'));

/** A mail of a family to one of its people, with what its link was bound to. Instants in milliseconds. */
export interface FamilyMail {
  readonly userId: string;
  readonly state: string;
  readonly reminder: number | null;
  readonly email: string | null;
  readonly settledAt: number | null;
  readonly kid: string | null;
  readonly fp: string | null;
}

/** The mails of a family to these people, oldest first. */
export async function mailsTo(
  db: Knex,
  { ids }: Family,
  userIds: readonly string[],
): Promise<Map<string, FamilyMail[]>> {
  const rows = (await db('reset_outbox as o')
    .leftJoin('reset_tokens as t', 't.request_id', 'o.request_id')
    .select({
      userId: 'o.user_id',
      state: 'o.state',
      reminder: 'o.reminder',
      email: 'o.recipient',
      settledAt: 'o.settled_at',
      kid: 't.kid',
      fp: 't.fp',
    })
    .whereIn('o.user_id', [...userIds])
    .andWhere(db.raw('? in (?)', [unindexed(db, 'o.batch_id'), bindAll(db, ids)]))
    .andWhere('o.state', '<>', 'skipped')
    .orderBy('o.id')) as FamilyMail[];
  const byUser = new Map<string, FamilyMail[]>();
  for (const row of rows) {
    const known = byUser.get(row.userId);
    if (known) known.push(row);
    else byUser.set(row.userId, [row]);
  }
  return byUser;
}

const bindAll = (db: Knex, ids: readonly string[]): Knex.Raw =>
  db.raw(ids.map(() => '?').join(', '), [...ids]);

/** Which reminder these people's planned mails are. */
export async function numberReminders(
  trx: Knex,
  batchId: string,
  userIds: readonly string[],
  reminder: number,
): Promise<void> {
  if (userIds.length === 0) return;
  await planned(trx, batchId, userIds).update({ reminder });
}

/** Why these people, who are planned, get no mail. `now` in milliseconds. */
export async function spare(
  trx: Knex,
  batchId: string,
  userIds: readonly string[],
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<void> {
  if (userIds.length === 0) return;
  await planned(trx, batchId, userIds).update({ state: 'skipped', reason, settled_at: now });
}

const planned = (trx: Knex, batchId: string, userIds: readonly string[]): Knex.QueryBuilder =>
  trx('reset_outbox')
    .whereIn('user_id', [...userIds])
    .andWhere(unindexed(trx, 'batch_id'), '=', batchId)
    .andWhere({ state: 'queued' });
