import type { App } from '../../app.ts';
import { describeTable, type ColumnKind, type TableInfo } from '../../db/introspect.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { isEmail } from '../../values/email.ts';

/** What a column of a users table can be for us. */
export type ColumnRole = 'id' | 'email' | 'password' | 'username' | 'name' | 'locale';

/** A column of a table that no preset knows, and what its first rows hold. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
  /** alone a primary key or a unique index */
  readonly isUnique: boolean;
  /** rows among the first ones that have a value */
  readonly values: number;
  readonly distinct: number;
  readonly addresses: number;
  /** values that a known hash format reads */
  readonly hashes: number;
  /** the formats of those */
  readonly formats: readonly string[];
}

/** A table that may hold the users. */
export interface TableFacts {
  readonly table: string;
  /** how many rows were read */
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
}

/** Enough to see what a column is for. */
const ROWS = 200;
/** Beyond this many, tables are compared by their column names alone. */
const MOST_TABLES = 100;

/** The tables, those first that have a column of addresses and one of hashes. Reads their first rows. */
export async function inspectTables(
  app: Pick<App, 'usersDb'>,
  tables: readonly string[],
): Promise<TableFacts[]> {
  const found: TableFacts[] = [];
  for (const [index, table] of tables.entries()) {
    const info = await describeTable(app.usersDb, table);
    if (info) found.push(await inspect(app, info, index < MOST_TABLES));
  }
  return found.sort((one, other) => likelihood(other) - likelihood(one));
}

async function inspect(app: Pick<App, 'usersDb'>, info: TableInfo, isRead: boolean): Promise<TableFacts> {
  // A table that this user may not read, or a broken view, is still there to be chosen.
  const read = isRead
    ? await app
        .usersDb<Row>(info.name)
        .select('*')
        .limit(ROWS)
        .catch(() => [])
    : [];
  const rows = read;
  const columns = info.columns.map(({ name, kind }): ColumnFacts => {
    const values = rows.map((row) => textOf(row[name])).filter((text) => text !== '');
    const formats = values.flatMap((text) => identifyFormat(text)?.name ?? []);
    return {
      name,
      kind,
      isUnique: info.unique.some((key) => key.length === 1 && key[0] === name),
      values: values.length,
      distinct: new Set(values).size,
      addresses: values.filter((text) => isEmail(text.trim())).length,
      hashes: formats.length,
      formats: [...new Set(formats)],
    };
  });
  return { table: info.name, rows: rows.length, columns };
}

type Row = Readonly<Record<string, unknown>>;

/** Empty where there is nothing, or nothing that is text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return Buffer.isBuffer(value) ? value.toString('latin1') : '';
}

function likelihood({ table, columns }: TableFacts): number {
  const has = (role: 'email' | 'password') => Math.max(...columns.map((column) => score(role, column)), 0);
  const isNamed = /user|account|member|customer|person|people|login/i.test(table);
  return has('email') + has('password') + (isNamed ? 1 : 0);
}

const NAMES: Readonly<Record<ColumnRole, RegExp>> = {
  id: /^(id|uid|pk|guid|uuid)$|_?(id|no|number|key)$/i,
  email: /e?[-_]?mail/i,
  password: /pass|pwd|^pw|hash|digest|crypt/i,
  username: /^(user_?name|login(_?name)?|user|nick(_?name)?|handle|account_?name)$/i,
  name: /^(display_?name|full_?name|name|real_?name|first_?name|given_?name|firstname)$/i,
  locale: /^(preferred_?)?(locale|lang|language|language_code|lang_code)$/i,
};

/** Does a column's name suggest this role? */
export const looksNamed = (role: ColumnRole, name: string): boolean => NAMES[role].test(name);

/** 10 and more: the values suggest it. 1 or 2: the name does. 0: nothing does. */
function score(role: ColumnRole, { name, values, addresses, hashes, isUnique }: ColumnFacts): number {
  const byName = NAMES[role].test(name) ? 2 : 0;
  if (role === 'email') return byName + share(addresses, values);
  if (role === 'password') return byName + share(hashes, values);
  if (role === 'id') return byName === 0 ? Number(isUnique) : byName + Number(isUnique);
  return byName;
}

const share = (count: number, of: number): number => (of === 0 ? 0 : Math.round((10 * count) / of));

/** The columns for a role, likeliest first; `found` says whether anything suggests the first one. */
export function rankColumns(
  role: ColumnRole,
  { columns }: TableFacts,
): { readonly ranked: readonly ColumnFacts[]; readonly isFound: boolean } {
  const ranked = columns.toSorted((one, other) => score(role, other) - score(role, one));
  const [first] = ranked;
  return { ranked, isFound: first !== undefined && score(role, first) > 0 };
}

/** Why this column cannot have the role, according to the rows that were read; undefined if it can. */
export function objectTo(
  role: ColumnRole,
  { name, values, distinct, addresses, hashes }: ColumnFacts,
  rows: number,
): string | undefined {
  if (role === 'email' && values > 0 && addresses === 0) return `${name} holds no e-mail address`;
  if (role === 'password' && values > 0 && hashes === 0)
    return `${name} holds no password hash that reset knows`;
  if (role === 'id' && (values < rows || distinct < values)) return `${name} is not different for each row`;
  return undefined;
}
