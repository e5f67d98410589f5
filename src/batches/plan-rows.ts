import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import type { Batch } from './batch.ts';
import { firstRow } from './reminders.ts';

export interface PlanOptions {
  /** SQL that gives id, email and locale as text, and is_active, is_refused, is_changed, is_excepted (see selectUsers) */
  readonly users: Knex.QueryBuilder;
  /** the SQL gives `turn`, too: a number within the mail domain */
  readonly hasTurns?: boolean;
  /** skip people who have a new password since then, as far as our own ledger knows (milliseconds since the epoch) */
  readonly changedSince?: number | undefined;
  /** added to each row's turn: pages of a file come one after the other */
  readonly firstPosition: number;
  /** false: nobody is mailed (`--mail none`) */
  readonly isMailed: boolean;
}

/**
 * One row of the ledger for each user of the query, in one statement inside the database: those who get a mail are
 * queued, the others skipped with the reason. A reminder's row knows the person's row in the batch that it reminds of.
 * `now` in milliseconds.
 */
export async function planRows(trx: Knex, batch: Batch, options: PlanOptions, now: number): Promise<void> {
  const reasoned = trx
    .from(options.users.as('u'))
    .select('u.id', 'u.email', 'u.locale', ...(options.hasTurns === true ? ['u.turn'] : []), {
      reason: reasonOf(trx, options),
      domain: domainOf(trx),
    });
  const rows = trx
    .from(reasoned.as('s'))
    .select(
      requestIdOf(trx, now),
      trx.raw(`cast(? as ${textType(trx)})`, [batch.id]),
      trx.raw(`'reset'`),
      's.id',
      trx.raw('substr(s.email, 1, 254)'),
      's.domain',
      's.locale',
      trx.raw(`? + ${options.hasTurns === true ? 's.turn' : 'row_number() over (partition by s.domain)'}`, [
        options.firstPosition,
      ]),
      trx.raw(`case when s.reason is null then 'queued' else 'skipped' end`),
      's.reason',
      trx.raw('0'),
      trx.raw(number(trx), [now]),
      ...[batch.actorKind, batch.actorName, batch.ticket].map((text) =>
        trx.raw(`cast(? as ${textType(trx)})`, [text] as Knex.RawBinding[]),
      ),
      trx.raw(`'batch'`),
      trx.raw(number(trx), [batch.expiresInS]),
      trx.raw(number(trx), [now]),
      trx.raw(`case when s.reason is null then null else ${number(trx)} end`, [now]),
      ...(batch.parentId === null ? [] : [trx.raw('(?)', [firstRow(trx, batch.parentId, 's.id')])]),
    );
  const columns = batch.parentId === null ? COLUMNS : [...COLUMNS, 'first_id'];
  await trx(trx.raw(`reset_outbox (${columns.map(() => '??').join(', ')})`, columns)).insert(rows);
}

const COLUMNS = [
  'request_id',
  'batch_id',
  'kind',
  'user_id',
  'recipient',
  'domain',
  'locale',
  'position',
  'state',
  'reason',
  'attempts',
  'due_at',
  'actor_kind',
  'actor_name',
  'ticket',
  'occasion',
  'expires_in_s',
  'created_at',
  'settled_at',
];

function reasonOf(trx: Knex, { changedSince, isMailed }: PlanOptions): Knex.Raw {
  const cases = [
    `when u.is_excepted then 'excepted'`,
    `when u.is_refused then 'user_refused'`,
    `when not u.is_active then 'user_inactive'`,
    `when u.email is null or u.email not like '%_@_%' or length(u.email) > 254 then 'no_address'`, // the rest: skipUnwritable,
  ];
  const bindings: Knex.RawBinding[] = [];
  if (changedSince !== undefined) {
    // A password that was locked after it had changed has to change again. The table's own time can't be compared
    // with ours, so after a lock only our ledger counts.
    const locks = trx('reset_locks as l').select(trx.raw('1')).whereRaw('l.user_id = u.id');
    const used = trx('reset_tokens as t')
      .select(trx.raw('1'))
      .whereRaw('t.user_id = u.id')
      .andWhere('t.state', 'used')
      .andWhere('t.settled_at', '>=', changedSince)
      .whereNotExists(locks.clone().whereRaw('l.locked_at > t.settled_at'));
    const isLockedSince = locks.clone().andWhere('l.locked_at', '>=', changedSince);
    cases.splice(2, 0, `when exists ? or (u.is_changed and not exists ?) then 'changed_since'`);
    bindings.unshift(used, isLockedSince);
  }
  return trx.raw(`case ${cases.join(' ')} ${isMailed ? '' : `else 'not_mailed'`} end`, bindings);
}

function domainOf(trx: Knex): Knex.Raw {
  switch (dialectOf(trx)) {
    case 'sqlite':
      return trx.raw(`lower(substr(u.email, instr(u.email, '@') + 1))`);
    case 'postgres':
      return trx.raw(`lower(left(split_part(u.email, '@', 2), 255))`);
    case 'mysql':
      return trx.raw(`lower(left(substring_index(u.email, '@', -1), 255))`);
  }
}

/**
 * The second and a counter, then 80 bits that nobody can foresee: of a million rows, each goes to its index beside the one
 * before. Anywhere among those that are there, it would be another page to read, and to log.
 */
function requestIdOf(trx: Knex, now: number): Knex.Raw {
  const second = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  switch (dialectOf(trx)) {
    case 'sqlite':
      return trx.raw(
        `? || printf('%04x', row_number() over () / 64 % 65536) || lower(hex(randomblob(10)))`,
        second,
      );
    case 'postgres': {
      // A secret of this statement and the row's number: PostgreSQL's generator would take a third of the plan's time.
      const secret = randomBytes(32).toString('base64');
      return trx.raw(
        `? || lpad(to_hex(row_number() over () / 64 % 65536), 4, '0') || left(encode(sha256(convert_to(? || row_number() over (), 'UTF8')), 'hex'), 20)`,
        [second, secret],
      );
    }
    case 'mysql':
      return trx.raw(
        `concat(?, lpad(lower(hex((row_number() over () div 64) % 65536)), 4, '0'), lower(hex(random_bytes(10))))`,
        second,
      );
  }
}

const textType = (trx: Knex): string => (dialectOf(trx) === 'mysql' ? 'char(255)' : 'text');
const number = (trx: Knex): string =>
  dialectOf(trx) === 'mysql' ? 'cast(? as signed)' : 'cast(? as bigint)';
