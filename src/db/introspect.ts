import type { Db } from './connect.ts';
import { dialectOf } from './connect.ts';

/** How a column compares and what its values look like, whatever the database calls its type. */
export type ColumnKind = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'uuid' | 'binary' | 'other';

export interface ColumnInfo {
  readonly name: string;
  /** as the database says it, in lower case */
  readonly type: string;
  readonly kind: ColumnKind;
  /** longest text in characters (binary: bytes); null where there is no limit or the database ignores it (SQLite) */
  readonly maxLength: number | null;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** compares without regard to upper and lower case by itself (citext, `*_ci` collations, NOCASE) */
  readonly isCaseInsensitive: boolean;
  /** CHAR(n) of PostgreSQL: read with blanks behind it that are not part of the value */
  readonly isPadded: boolean;
}

export interface TableInfo {
  /** with the upper and lower case that the database stores */
  readonly name: string;
  readonly schema: string | null;
  readonly columns: readonly ColumnInfo[];
  /** sets of columns that hold each combination at most once: the primary key and every unique index */
  readonly unique: readonly (readonly string[])[];
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly max_length: number | null;
  readonly nullable: number | boolean;
  readonly has_default: number | boolean;
  readonly collation: string | null;
}

/** The tables and views of a schema (default: the connection's own), by name. */
export async function listTables(db: Db, schema?: string): Promise<string[]> {
  if (hasNoSchemas(db, schema)) return [];
  const rows = await select<{ name: string }>(db, LIST_TABLES, schema);
  return rows.map((row) => row.name);
}

/** Every table and view of a schema (default: the connection's own) with the names of its columns, in one query. */
export async function listColumns(db: Db, schema?: string): Promise<Map<string, string[]>> {
  const columns = new Map<string, string[]>();
  if (hasNoSchemas(db, schema)) return columns;
  for (const { table_name, name } of await select<{ table_name: string; name: string }>(
    db,
    LIST_COLUMNS,
    schema,
  ))
    columns.set(table_name, [...(columns.get(table_name) ?? []), name]);
  return columns;
}

/** Columns and unique keys of a table; undefined when there is none of this name. */
export async function describeTable(db: Db, table: string, schema?: string): Promise<TableInfo | undefined> {
  if (hasNoSchemas(db, schema)) return undefined;
  const rows = await select<Row>(db, COLUMNS, schema, table);
  if (rows.length === 0) return undefined;
  const keys = await select<{ key_name: string; name: string }>(db, UNIQUE, schema, table);
  const unique = new Map<string, string[]>();
  for (const { key_name, name } of keys) unique.set(key_name, [...(unique.get(key_name) ?? []), name]);
  return {
    name: table,
    schema: schema ?? null,
    columns: rows.map(toColumn),
    unique: [...unique.values()],
  };
}

/** A column of a table, and the table that its values must be in. */
export interface ForeignKey {
  readonly column: string;
  /** without its schema, as the database writes it */
  readonly table: string;
}

/** The foreign keys that a table declares. */
export async function listForeignKeys(db: Db, table: string, schema?: string): Promise<ForeignKey[]> {
  if (hasNoSchemas(db, schema)) return [];
  const rows = await select<{ name: string; target: string }>(db, FOREIGN_KEYS, schema, table);
  return rows.map(({ name, target }) => ({ column: name, table: target }));
}

/** An SQLite file is one schema without a name. */
const hasNoSchemas = (db: Db, schema: string | undefined): boolean =>
  schema !== undefined && dialectOf(db) === 'sqlite';

function toColumn(row: Row): ColumnInfo {
  const type = row.type.toLowerCase();
  const collation = row.collation?.toLowerCase() ?? '';
  return {
    name: row.name,
    type,
    kind: kindOf(type),
    maxLength: row.max_length,
    nullable: Boolean(row.nullable),
    hasDefault: Boolean(row.has_default),
    isPadded: type === 'character' || type === 'bpchar',
    isCaseInsensitive: type === 'citext' || collation.endsWith('_ci') || collation === 'nocase',
  };
}

const KINDS: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^bool|^tinyint\(1\)|^bit/, 'boolean'],
  [/uuid|uniqueidentifier/, 'uuid'],
  [/^interval|^point/, 'other'],
  [/int|serial/, 'integer'],
  [/blob|binary|^bytea/, 'binary'],
  [/char|text|clob|enum|string|^name$/, 'text'],
  [/time|^date/, 'time'],
  [/num|dec|real|doub|float/, 'number'],
];

const kindOf = (type: string): ColumnKind => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';

type Statements = Readonly<Record<'sqlite' | 'postgres' | 'mysql', string>>;

const LIST_TABLES: Statements = {
  sqlite: `select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`,
  postgres: `select table_name as name from information_schema.tables where table_schema = coalesce(:schema, current_schema()) order by 1`,
  mysql: `select table_name as name from information_schema.tables where table_schema = coalesce(:schema, database()) order by 1`,
};

const LIST_COLUMNS: Statements = {
  sqlite: `select m.name as table_name, c.name as name from sqlite_master m, pragma_table_info(m.name) c
    where m.type in ('table', 'view') and m.name not like 'sqlite\\_%' escape '\\' order by m.name, c.cid`,
  postgres: `select table_name as table_name, column_name as name from information_schema.columns
    where table_schema = coalesce(:schema, current_schema()) order by table_name, ordinal_position`,
  mysql: `select table_name as table_name, column_name as name from information_schema.columns
    where table_schema = coalesce(:schema, database()) order by table_name, ordinal_position`,
};

// to_regclass follows the search path, as a query without a schema does.
const REGCLASS = `to_regclass(case when s.name is null then quote_ident(t.name) else quote_ident(s.name) || '.' || quote_ident(t.name) end)`;
const WANTED = `(select cast(:table as text) as name) t, (select cast(:schema as text) as name) s`;

const COLUMNS: Statements = {
  sqlite: `select name, type, null as max_length, "notnull" = 0 and pk = 0 as nullable, dflt_value is not null as has_default, null as collation
    from pragma_table_info(:table) order by cid`,
  postgres: `select a.attname as name, format_type(a.atttypid, null) as type,
      case when a.atttypid in (1042, 1043) and a.atttypmod > 4 then a.atttypmod - 4 end as max_length,
      not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' as has_default, null as collation
    from ${WANTED}, pg_attribute a where a.attrelid = ${REGCLASS} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  mysql: `select column_name as name, column_type as type, character_maximum_length as max_length, is_nullable = 'YES' as nullable,
      coalesce(column_default, 'NULL') <> 'NULL' or extra like '%auto_increment%' as has_default, collation_name as collation
    from information_schema.columns where table_name = :table and table_schema = coalesce(:schema, database()) order by ordinal_position`,
};

const UNIQUE: Statements = {
  sqlite: `select '(primary key)' as key_name, name, pk as position from pragma_table_info(:table) where pk > 0
    union all select l.name, i.name, i.seqno from pragma_index_list(:table) l, pragma_index_info(l.name) i
      where l."unique" = 1 and l.partial = 0 order by 1, 3`,
  postgres: `select i.indexrelid::text as key_name, a.attname as name
    from ${WANTED}, pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
    where i.indrelid = ${REGCLASS} and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null order by 1, a.attnum`,
  mysql: `select index_name as key_name, column_name as name from information_schema.statistics
    where table_name = :table and table_schema = coalesce(:schema, database()) and non_unique = 0 and column_name is not null order by 1, seq_in_index`,
};

const FOREIGN_KEYS: Statements = {
  sqlite: `select "from" as name, "table" as target from pragma_foreign_key_list(:table)`,
  postgres: `select a.attname as name, c.relname as target
    from ${WANTED}, pg_constraint f join pg_class c on c.oid = f.confrelid
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = any(f.conkey)
    where f.contype = 'f' and f.conrelid = ${REGCLASS}`,
  mysql: `select column_name as name, referenced_table_name as target from information_schema.key_column_usage
    where table_name = :table and table_schema = coalesce(:schema, database()) and referenced_table_name is not null`,
};

async function select<T>(db: Db, statements: Statements, schema?: string, table?: string): Promise<T[]> {
  const dialect = dialectOf(db);
  const result: unknown = await db.raw(statements[dialect], { table: table ?? null, schema: schema ?? null });
  if (dialect === 'postgres') return (result as { rows: T[] }).rows;
  return dialect === 'mysql' ? (result as [T[]])[0] : (result as T[]);
}
