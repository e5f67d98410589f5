import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { storable } from '../values/printable.ts';
import { heldBy } from './claim.ts';
import { linkEnd } from './link-end.ts';
import type { Outcome } from './message.ts';

export interface Settlement {
  readonly id: number;
  readonly outcome: Outcome;
}

/**
 * End attempts, all in one UPDATE. Only the worker that holds a row may: gives the ids that it still held, the others
 * were taken over by another worker when the lease ran out.
 */
export async function settle(
  trx: Knex,
  worker: string,
  settlements: readonly Settlement[],
  now: number,
): Promise<Set<number>> {
  if (settlements.length === 0) return new Set();
  const rows = settlements.map(({ id, outcome }) => ({ id, columns: columnsOf(outcome, now) }));
  const pick = (name: keyof Columns) => byId(trx, rows, name);
  const ids = settlements.map(({ id }) => id);
  const held = () => heldBy(trx, worker, ids);
  // MySQL does not say which rows an UPDATE met: they are locked and read before it.
  const locked = dialectOf(trx) === 'mysql' ? await held().select('id').forUpdate() : undefined;
  const update = held().update({
    state: pick('state'),
    reason: pick('reason'),
    reply: pick('reply'),
    recipient: pick('recipient'),
    due_at: pick('due_at'),
    settled_at: pick('settled_at'),
    attempts: pick('attempts'),
    link_exp: linkEnd(trx),
    claimed_by: null,
    claimed_until: null,
  });
  if (locked === undefined) return toIds(await update.returning('id'));
  await update;
  return toIds(locked);
}

const toIds = (rows: readonly unknown[]): Set<number> =>
  new Set((rows as readonly { readonly id: number }[]).map(({ id }) => id));

/** What changes; undefined: the column stays. */
interface Columns {
  readonly state: string;
  readonly reason: string | null;
  readonly reply: string | null;
  readonly recipient: string | undefined;
  readonly due_at: number | undefined;
  readonly settled_at: number | undefined;
  /** added to it */
  readonly attempts: number | undefined;
}

function columnsOf(outcome: Outcome, now: number): Columns {
  const reply = outcome.reply === null ? null : storable(outcome.reply, 2000);
  const stays = { recipient: undefined, due_at: undefined, settled_at: undefined, attempts: undefined };
  switch (outcome.state) {
    case 'sent':
      return { ...stays, state: 'sent', reply, reason: null, recipient: outcome.recipient, settled_at: now };
    case 'retry': {
      const attempts = outcome.isFree === true ? -1 : undefined;
      return {
        ...stays,
        state: 'queued',
        reply,
        reason: outcome.reason.slice(0, 64),
        due_at: outcome.at,
        attempts,
      };
    }
    case 'failed':
    case 'skipped':
    case 'unknown': {
      const { state, recipient } = outcome;
      return { ...stays, state, reply, reason: outcome.reason.slice(0, 64), recipient, settled_at: now };
    }
  }
}

/** `case id when 1 then … end`. Ids and instants are numbers of ours and stand in the SQL; texts are bound. */
function byId(
  trx: Knex,
  rows: readonly { readonly id: number; readonly columns: Columns }[],
  name: keyof Columns,
): Knex.Raw {
  const changed = rows.filter(({ columns }) => columns[name] !== undefined);
  const [first] = changed;
  if (!first) return trx.raw('??', [name]);
  const values = new Set(changed.map(({ columns }) => columns[name]));
  if (changed.length === rows.length && values.size === 1) return one(trx, name, first.columns[name]);
  const bindings: Knex.RawBinding[] = [];
  const cases = changed.map(({ id, columns }) => {
    const { sql, binding } = literal(name, columns[name]);
    bindings.push(...binding);
    return `when ${id} then ${sql}`;
  });
  return trx.raw(`case id ${cases.join(' ')} else ?? end`, [...bindings, name]);
}

function one(trx: Knex, name: keyof Columns, value: Columns[keyof Columns]): Knex.Raw {
  const { sql, binding } = literal(name, value);
  return trx.raw(sql, binding);
}

function literal(
  name: keyof Columns,
  value: Columns[keyof Columns],
): { sql: string; binding: Knex.RawBinding[] } {
  if (value === null || value === undefined) return { sql: 'null', binding: [] };
  if (name === 'attempts') return { sql: `attempts + (${Number(value)})`, binding: [] };
  if (typeof value === 'number') return { sql: String(Math.round(value)), binding: [] };
  return { sql: '?', binding: [value] };
}
