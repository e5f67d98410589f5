import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import { readIndexHeads } from '../../db/index-heads.ts';
import { qualify, tableOf, toScalar, type Source, type UsersMapping } from '../mapping/users-mapping.ts';
import { columnOf, exactValue } from './column-of.ts';
import { joinTables } from './read-users.ts';
import { anyOf, rangeSql, type SearchColumn } from './search-sql.ts';

/** As much of a user as a search compares. */
export interface Candidate {
  readonly id: string;
  readonly email: string;
  readonly username: string;
}

/** Who is looked for. */
export interface Wanted {
  readonly matches: Knex.Raw;
  /** the maximum number to return */
  readonly limit: number;
  /** the first ones, where there are more */
  readonly order?: Knex.Raw;
}

/** Columns that begin with one of these texts, of which an index may know. */
export interface Beginning {
  readonly column: SearchColumn;
  readonly begins: string;
}

/** Those that the indexes of the tables find at once: one question to each table that has a fitting index. */
export async function askIndexes(
  db: Db,
  mapping: UsersMapping,
  beginnings: readonly Beginning[],
  wanted: Wanted,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const source of ['email', 'user'] as const) {
    const ranges = await rangesOf(db, mapping, source, beginnings);
    if (ranges.length === 0) continue;
    const query = selectCandidates(db, mapping).andWhere(anyOf(db, ranges)).andWhere(wanted.matches);
    if (wanted.order) void query.orderByRaw(wanted.order);
    found.push(...(await read(query.limit(wanted.limit))));
  }
  return found;
}

async function rangesOf(
  db: Db,
  mapping: UsersMapping,
  source: Source,
  beginnings: readonly Beginning[],
): Promise<Knex.Raw[]> {
  const here = beginnings.filter(({ column }) => column.source === source && !column.isBinary);
  if (here.length === 0) return [];
  const table = tableOf({ ...mapping, schema: undefined }, source);
  const heads = await readIndexHeads(db, table, mapping.schema);
  return here.flatMap(({ column, begins }) =>
    heads
      .filter((head) => head.column === column.column)
      .map(({ isLower }) => rangeSql(db, column, { begins, isLower }))
      .filter((range) => range !== undefined),
  );
}

const PAGE = 20_000;

/** What a scan found, and whether it has seen everybody. */
export interface Scan {
  readonly found: Candidate[];
  readonly isComplete: boolean;
}

/** Reads the table in pages by id until it ends, enough are found, or the time is up (milliseconds). */
export async function scanUsers(
  db: Db,
  mapping: UsersMapping,
  wanted: Wanted,
  budgetMs: number,
): Promise<Scan> {
  const startedAt = performance.now();
  const id = columnOf('user', mapping.id);
  const found: Candidate[] = [];
  let after: unknown;
  for (;;) {
    const last = await endOfPage(db, mapping, after);
    const query = selectCandidates(db, mapping).andWhere(wanted.matches);
    if (after !== undefined) void query.andWhere(id, '>', after as never);
    if (last !== undefined) void query.andWhere(id, '<=', last as never);
    if (wanted.order) void query.orderByRaw(wanted.order);
    found.push(...(await read(query.limit(wanted.limit - found.length))));
    if (last === undefined) return { found, isComplete: true };
    if (found.length >= wanted.limit) return { found, isComplete: true };
    if (performance.now() - startedAt > budgetMs) return { found, isComplete: false };
    after = last;
  }
}

/** The last id of the next page; undefined where that page ends the table. */
async function endOfPage(db: Db, mapping: UsersMapping, after: unknown): Promise<unknown> {
  const query = db(`${qualify(mapping, mapping.table)} as u`).select(idOf(db, mapping));
  const id = columnOf('user', mapping.id);
  if (after !== undefined) void query.where(id, '>', after as never);
  const [row] = (await query.orderBy(id).offset(PAGE).limit(1)) as { id: unknown }[];
  return row?.id;
}

const idOf = (db: Db, mapping: UsersMapping): Knex.Raw =>
  db.raw('? as ??', [exactValue(db, mapping, 'user', mapping.id, columnOf('user', mapping.id)), 'id']);

function selectCandidates(db: Db, mapping: UsersMapping): Knex.QueryBuilder {
  const { email, emailIn, username, siblings } = mapping;
  const query = db(`${qualify(mapping, mapping.table)} as u`).select([
    idOf(db, mapping),
    db.raw('?? as ??', [columnOf(emailIn ? 'email' : 'user', email), 'email']),
    ...(username === undefined ? [] : [db.raw('?? as ??', [columnOf('user', username), 'username'])]),
  ]);
  joinTables(db, query, { ...mapping, passwordIn: undefined });
  for (const [column, value] of Object.entries(siblings ?? {}))
    void query.where(columnOf('user', column), value);
  return query;
}

async function read(query: Knex.QueryBuilder): Promise<Candidate[]> {
  const rows = (await query) as Record<string, unknown>[];
  const text = (value: unknown): string => String(toScalar(value) ?? '');
  return rows.map((row) => ({
    id: text(row['id']),
    email: text(row['email']),
    username: text(row['username']),
  }));
}
