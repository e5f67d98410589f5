import type { Knex } from 'knex';
import { prepareSelect, runSelect } from '../../db/prepare-select.ts';
import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { ALIAS, columnOf, exactValue } from './column-of.ts';
import { activeSql, refusalsSql } from './state-sql.ts';
import {
  conditionColumns,
  qualify,
  sourceOf,
  toScalar,
  type Source,
  type UsersMapping,
} from '../mapping/users-mapping.ts';

interface Field {
  readonly source: Source;
  readonly column: string;
  /** repeated by the compare-and-swap */
  readonly isSeen: boolean;
}

/** One row of the joined tables: `c0`, `c1`, … for the fields, `s0`, `s1`, … for the conditions. */
type Row = Readonly<Record<string, unknown>>;

export { columnOf } from './column-of.ts';

/** The users that `narrow` leaves over; all tables of the mapping are joined. */
export async function readUsers(
  db: Db,
  mapping: UsersMapping,
  narrow: (query: Knex.QueryBuilder) => void,
): Promise<User[]> {
  const fields = fieldsOf(mapping);
  const rows = (await selectFields(db, mapping, fields, narrow)) as Row[];
  return rows.map(userReader(mapping, fields));
}

/** A question about users that is asked again and again: these values, in this database or a transaction of it. */
export type AskForUsers = (db: Db, values: readonly string[]) => Promise<User[]>;

/** `narrow` must put its values last; others then take their places. */
export function prepareUsers(
  db: Db,
  mapping: UsersMapping,
  narrow: (query: Knex.QueryBuilder) => void,
): AskForUsers {
  const fields = fieldsOf(mapping);
  const select = prepareSelect(selectFields(db, mapping, fields, narrow));
  const toUser = userReader(mapping, fields);
  return async (where, values) => {
    const bindings = [...select.bindings.slice(0, -values.length), ...values];
    const rows = (await runSelect(where, select, bindings)) as Row[];
    return rows.map(toUser);
  };
}

function selectFields(
  db: Db,
  mapping: UsersMapping,
  fields: readonly Field[],
  narrow: (query: Knex.QueryBuilder) => void,
): Knex.QueryBuilder {
  const state = [activeSql(db, mapping), ...refusalsSql(db, mapping).map(({ sql }) => sql)];
  const query = db(`${qualify(mapping, mapping.table)} as u`).select([
    ...fields.map(({ source, column }, index) =>
      db.raw('? as ??', [exactValue(db, mapping, source, column, columnOf(source, column)), `c${index}`]),
    ),
    ...state.map((sql, index) => db.raw('? as ??', [sql, `s${index}`])),
  ]);
  joinTables(db, query, mapping);
  for (const [column, value] of Object.entries(mapping.siblings ?? {}))
    query.where(columnOf('user', column), value);
  narrow(query);
  return query;
}

/** Joins the tables of the address and of the hash to `users as u`. */
export function joinTables(db: Db, query: Knex.QueryBuilder, mapping: UsersMapping): void {
  for (const source of ['email', 'password'] as const) {
    const join = source === 'email' ? mapping.emailIn : mapping.passwordIn;
    if (!join) continue;
    query.leftJoin(`${qualify(mapping, join.table)} as ${ALIAS[source]}`, (on) => {
      on.on(columnOf(source, join.foreign), columnOf('user', join.local));
      for (const [column, value] of Object.entries(join.where ?? {})) {
        on.andOn(db.raw('?? = ?', [columnOf(source, column), value]) as never);
      }
    });
  }
}

function fieldsOf(mapping: UsersMapping): Field[] {
  const seen: (readonly [Source, string | undefined])[] = [
    ['user', mapping.id],
    [sourceOf(mapping, 'email'), mapping.email],
    ...Object.values(mapping.password).map((column) => [sourceOf(mapping, 'password'), column] as const),
    ['user', mapping.emailIn?.local],
    ['user', mapping.passwordIn?.local],
    ['password', mapping.passwordIn?.foreign],
    ...conditionColumns(
      mapping.activeWhen,
      mapping.siblings,
      ...mapping.refuseWhen.map(({ when }) => when),
    ).map((column) => ['user', column] as const),
  ];
  const wanted: (readonly [Source, string | undefined])[] = [
    ['user', mapping.name],
    ['user', mapping.username],
    ['user', mapping.locale],
    ['user', mapping.timeZone],
  ];
  const fields = new Map<string, Field>();
  const add = (source: Source, column: string | undefined, isSeen: boolean): void => {
    if (column === undefined) return;
    const key = `${source}.${column}`;
    if (!fields.has(key)) fields.set(key, { source, column, isSeen });
  };
  for (const [source, column] of seen) add(source, column, true);
  for (const [source, column] of wanted) add(source, column, false);
  return [...fields.values()];
}

/** Where each value stands is looked up once, not for each of a million rows. */
function userReader(mapping: UsersMapping, fields: readonly Field[]): (row: Row) => User {
  const textOf = (source: Source, column: string | undefined): ((row: Row) => string | null) => {
    const index = fields.findIndex((field) => field.source === source && field.column === column);
    return index === -1 ? () => null : (row) => text(toScalar(row[`c${index}`]));
  };
  const id = textOf('user', mapping.id);
  const email = textOf(sourceOf(mapping, 'email'), mapping.email);
  const name = textOf('user', mapping.name);
  const username = textOf('user', mapping.username);
  const locale = textOf('user', mapping.locale);
  const timeZone = textOf('user', mapping.timeZone);
  const seen = fields.flatMap(({ source, column, isSeen }, index) =>
    isSeen ? [[`${source}.${column}`, `c${index}`] as const] : [],
  );
  const encoded = encodedReader(mapping, textOf);
  return (row) => ({
    id: id(row) ?? '',
    email: email(row) ?? '',
    name: name(row),
    username: username(row),
    locale: locale(row),
    timeZone: timeZone(row),
    isActive: isTrue(row['s0']),
    refusal: findRefusal(mapping, row),
    encoded: encoded(row),
    seen: readSeen(seen, row),
  });
}

function readSeen(seen: readonly (readonly [string, string])[], row: Row): Record<string, Scalar> {
  const values: Record<string, Scalar> = {};
  for (const [name, key] of seen) values[name] = toScalar(row[key]);
  return values;
}

function encodedReader(
  mapping: UsersMapping,
  textOf: (source: Source, column: string) => (row: Row) => string | null,
): (row: Row) => string | null {
  const { codec, password } = mapping;
  const source = sourceOf(mapping, 'password');
  const parts = Object.entries(password).map(([role, column]) => [role, textOf(source, column)] as const);
  if (codec && parts.length > 1)
    return (row) => codec.join(Object.fromEntries(parts.map(([role, read]) => [role, read(row)])));
  return parts.find(([role]) => role === 'hash')?.[1] ?? (() => null);
}

function findRefusal({ passwordIn, refuseWhen }: UsersMapping, row: Row): string | null {
  const absent = passwordIn && !passwordIn.create ? [passwordIn.absent] : [];
  const reasons = [...absent, ...refuseWhen.map(({ because }) => because)];
  return reasons.find((_, index) => isTrue(row[`s${index + 1}`])) ?? null;
}

/** A condition's answer: a boolean, or 1 where there is no such type. */
const isTrue = (answer: unknown): boolean => answer === true || Number(answer) === 1;

const text = (value: Scalar | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
