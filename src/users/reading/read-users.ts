import type { Knex } from 'knex';
import { prepareSelect, runSelect } from '../../db/prepare-select.ts';
import type { Db } from '../../db/connect.ts';
import type { Scalar, User } from '../../types.ts';
import { meets } from '../columns/condition.ts';
import type { Condition, Conditions } from '../preset.ts';
import {
  asksForPast,
  conditionColumns,
  qualify,
  sourceOf,
  toScalar,
  type Source,
  type UsersMapping,
} from '../mapping/users-mapping.ts';

const ALIAS: Readonly<Record<Source, string>> = { user: 'u', email: 'e', password: 'p' };

interface Field {
  readonly source: Source;
  readonly column: string;
  /** repeated by the compare-and-swap */
  readonly isSeen: boolean;
  /** ask the database whether this instant is over instead of what it is */
  readonly isPast?: true;
}

/** One row of the joined tables, by `source.column`. */
type Values = ReadonlyMap<string, Scalar>;

/** A column as a query on the joined tables names it. */
export const columnOf = (source: Source, column: string): string => `${ALIAS[source]}.${column}`;

/** The users that `narrow` leaves over; all tables of the mapping are joined. */
export async function readUsers(
  db: Db,
  mapping: UsersMapping,
  narrow: (query: Knex.QueryBuilder) => void,
): Promise<User[]> {
  const fields = fieldsOf(mapping);
  const rows = (await selectFields(db, mapping, fields, narrow)) as Record<string, unknown>[];
  return rows.map((row) => toUser(mapping, fields, row));
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
  return async (where, values) => {
    const bindings = [...select.bindings.slice(0, -values.length), ...values];
    const rows = (await runSelect(where, select, bindings)) as Record<string, unknown>[];
    return rows.map((row) => toUser(mapping, fields, row));
  };
}

function selectFields(
  db: Db,
  mapping: UsersMapping,
  fields: readonly Field[],
  narrow: (query: Knex.QueryBuilder) => void,
): Knex.QueryBuilder {
  const query = db(`${qualify(mapping, mapping.table)} as u`).select(
    fields.map((field, index) => selectField(db, field, `c${index}`)),
  );
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
  const told: (readonly [Source, string | undefined])[] = [
    ['user', mapping.name],
    ['user', mapping.username],
    ['user', mapping.locale],
  ];
  const fields = new Map<string, Field>();
  const add = (source: Source, column: string | undefined, isSeen: boolean): void => {
    if (column === undefined) return;
    const key = `${source}.${column}`;
    if (!fields.has(key)) fields.set(key, { source, column, isSeen });
  };
  for (const [source, column] of seen) add(source, column, true);
  for (const [source, column] of told) add(source, column, false);
  for (const column of pastColumns(mapping)) {
    fields.set(`past ${column}`, { source: 'user', column, isSeen: false, isPast: true });
  }
  return [...fields.values()];
}

const pastColumns = (mapping: UsersMapping): string[] =>
  [mapping.activeWhen, ...mapping.refuseWhen.map(({ when }) => when ?? {})]
    .flatMap((conditions) => Object.entries(conditions))
    .filter(([, condition]) => asksForPast(condition))
    .map(([column]) => column);

function selectField(db: Db, { source, column, isPast }: Field, as: string): Knex.Raw {
  const name = columnOf(source, column);
  if (!isPast) return db.raw('?? as ??', [name, as]);
  return db.raw('(?? is null or ?? <= current_timestamp) as ??', [name, name, as]);
}

function toUser(
  mapping: UsersMapping,
  fields: readonly Field[],
  row: Readonly<Record<string, unknown>>,
): User {
  const values = new Map<string, Scalar>();
  const seen: Record<string, Scalar> = {};
  for (const [index, { source, column, isSeen, isPast }] of fields.entries()) {
    const value = toScalar(row[`c${index}`]);
    values.set(isPast ? `past ${column}` : `${source}.${column}`, value);
    if (isSeen) seen[`${source}.${column}`] = value;
  }
  const encoded = readEncoded(mapping, values);
  return {
    id: text(values.get(`user.${mapping.id}`)) ?? '',
    email: text(values.get(`${sourceOf(mapping, 'email')}.${mapping.email}`)) ?? '',
    name: text(values.get(`user.${mapping.name ?? ''}`)),
    username: text(values.get(`user.${mapping.username ?? ''}`)),
    locale: text(values.get(`user.${mapping.locale ?? ''}`)),
    isActive: meetsAll(values, mapping.activeWhen),
    refusal: findRefusal(mapping, values, encoded),
    encoded,
    seen,
  };
}

function readEncoded(mapping: UsersMapping, values: Values): string | null {
  const source = sourceOf(mapping, 'password');
  const parts = Object.entries(mapping.password).map(
    ([role, column]) => [role, text(values.get(`${source}.${column}`))] as const,
  );
  if (mapping.codec && parts.length > 1) return mapping.codec.join(Object.fromEntries(parts));
  return parts.find(([role]) => role === 'hash')?.[1] ?? null;
}

function findRefusal(mapping: UsersMapping, values: Values, encoded: string | null): string | null {
  const home = mapping.passwordIn;
  if (home && !home.create && values.get(`password.${home.foreign}`) === null) return home.absent;
  const refusal = mapping.refuseWhen.find(
    (rule) =>
      (rule.when === undefined || meetsAll(values, rule.when)) &&
      (rule.encoded === undefined || meets(encoded, rule.encoded)),
  );
  return refusal?.because ?? null;
}

const meetsAll = (values: Values, conditions: Conditions): boolean =>
  Object.entries(conditions).every(([column, condition]) =>
    meets(valueFor(values, column, condition), condition),
  );

const valueFor = (values: Values, column: string, condition: Condition): Scalar =>
  values.get(asksForPast(condition) ? `past ${column}` : `user.${column}`) ?? null;

const text = (value: Scalar | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
