import type { Knex } from 'knex';
import { nearest } from '../../values/nearest.ts';
import type { Db } from '../../db/connect.ts';
import { explainDatabaseError } from '../../db/errors.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar, User } from '../../types.ts';
import { columnOf, readUsers } from './read-users.ts';
import { containsAll, searchColumns } from './search-sql.ts';
import { wordsOf } from './words.ts';
import { qualify, type UsersMapping } from '../mapping/users-mapping.ts';

export interface ListOptions {
  /** columns of the users table and what each must be, as typed on a command line; all must hold */
  readonly where?: Readonly<Record<string, string>>;
  /** every word of it must be in the address, the user name, the name or the id */
  readonly search?: string | undefined;
}

const pageSize = 2000;

/**
 * Every user, by id, in pages, so that any number fits into memory; users that are added or changed meanwhile
 * are neither read twice nor make others be left out.
 *
 * @throws usage_invalid for a column that the table has not got
 */
export async function* listUsers(
  db: Db,
  mapping: UsersMapping,
  options: ListOptions = {},
): AsyncGenerator<User, void, undefined> {
  const conditions = readConditions(mapping, options.where ?? {});
  const words = wordsOf(options.search ?? '');
  const id = columnOf('user', mapping.id);
  let last: Scalar | undefined;
  do {
    const after = last;
    const page = await readUsers(db, mapping, (query) => {
      narrow(query, conditions, 'u.');
      if (words.length > 0) void query.andWhere(containsAll(db, searchColumns(mapping), words));
      if (after !== undefined) query.where(id, '>', after);
      query.orderBy(id).limit(pageSize);
    }).catch((error: unknown) => {
      throw explainDatabaseError(error) ?? error;
    });
    yield* page;
    last = page.length < pageSize ? undefined : page.at(-1)?.seen[`user.${mapping.id}`];
  } while (last !== undefined);
}

/** How many users `listUsers` would give. */
export async function countUsers(db: Db, mapping: UsersMapping, options: ListOptions = {}): Promise<number> {
  const conditions = [
    ...readConditions(mapping, options.where ?? {}),
    ...Object.entries(mapping.siblings ?? {}),
  ];
  const query = db(qualify(mapping, mapping.table));
  narrow(query, conditions, '');
  const row = await query
    .count<{ count: string | number }[]>({ count: '*' })
    .first()
    .catch((error: unknown) => {
      throw explainDatabaseError(error) ?? error;
    });
  return Number(row?.count ?? 0);
}

/** Encoded hashes of the newest users who have one and are not refused: what `hash: auto` and detection look at. */
export async function sampleHashes(db: Db, mapping: UsersMapping, limit = 100): Promise<string[]> {
  const users = await readUsers(db, mapping, (query) => {
    query.orderBy(columnOf('user', mapping.id), 'desc').limit(limit);
  }).catch((error: unknown) => {
    throw explainDatabaseError(error) ?? error;
  });
  return users
    .filter((user) => user.refusal === null)
    .map((user) => user.encoded)
    .filter((encoded): encoded is string => encoded !== null && encoded !== '');
}

type Conditions = readonly (readonly [string, Scalar])[];

function narrow(query: Knex.QueryBuilder, conditions: Conditions, alias: string): void {
  for (const [column, value] of conditions) query.where(`${alias}${column}`, value);
}

function readConditions(mapping: UsersMapping, where: Readonly<Record<string, string>>): Conditions {
  return Object.entries(where).map(([column, text]) => {
    const facts = mapping.facts[`user.${column}`];
    if (facts) return [column, readValue(column, text, facts.kind)] as const;
    const columns = Object.keys(mapping.facts).filter((name) => name.startsWith('user.'));
    const guess = nearest(
      column,
      columns.map((name) => name.slice('user.'.length)),
    );
    const hint = guess === undefined ? '' : ` Did you mean ${guess}?`;
    throw new ResetError(
      'usage_invalid',
      `The table ${mapping.table} has no column ${JSON.stringify(column)}.${hint}`,
    );
  });
}

const YES_OR_NO: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

/** A number column must not meet text: MySQL would take `abc` for 0 (R73). */
function readValue(column: string, text: string, kind: string): Scalar {
  if (kind === 'boolean') {
    const value = YES_OR_NO[text.toLowerCase()];
    if (value !== undefined) return value;
    throw new ResetError(
      'usage_invalid',
      `The column ${column} is true or false, not ${JSON.stringify(text)}.`,
    );
  }
  if ((kind === 'integer' || kind === 'number') && !/^-?\d{1,18}(\.\d+)?$/.test(text)) {
    throw new ResetError('usage_invalid', `The column ${column} holds numbers, not ${JSON.stringify(text)}.`);
  }
  return text;
}
