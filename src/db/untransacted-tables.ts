import { dialectOf, type Db } from './connect.ts';

/** A table whose changes a ROLLBACK does not take back. */
export interface UntransactedTable {
  readonly table: string;
  /** as the server names it: `MyISAM`, `Aria`, `MEMORY`; `view` where the tables behind it are not known */
  readonly engine: string;
  /** the trigger that writes to this table when a table of ours is written */
  readonly trigger?: string;
}

/** The engines of MySQL and MariaDB that undo what they wrote; any other is taken for one that does not. */
const TRANSACTIONAL: ReadonlySet<string> = new Set(['innodb', 'rocksdb', 'tokudb', 'ndbcluster', 'ndb']);

interface Row {
  readonly table: string;
  readonly engine: string | null;
}

/**
 * Which of these tables, or of the tables that their triggers write to, cannot be rolled back. Only MySQL and MariaDB
 * have such tables. A trigger is seen only by a database user with the TRIGGER right.
 */
export async function findUntransacted(
  db: Db,
  tables: readonly string[],
  schema?: string,
): Promise<UntransactedTable[]> {
  if (dialectOf(db) !== 'mysql' || tables.length === 0) return [];
  const all = await query<Row>(db, ENGINES, [schema ?? null]);
  const unsafe = all
    .map(({ table, engine }) => ({ table, engine: engine ?? 'view' }))
    .filter(({ engine }) => !TRANSACTIONAL.has(engine.toLowerCase()));
  if (unsafe.length === 0) return [];
  const own = unsafe.filter(({ table }) => tables.includes(table));
  const others = unsafe.filter(({ table }) => !tables.includes(table));
  return [...own, ...(await writtenByTriggers(db, tables, others, schema))];
}

async function writtenByTriggers(
  db: Db,
  tables: readonly string[],
  others: readonly UntransactedTable[],
  schema: string | undefined,
): Promise<UntransactedTable[]> {
  const triggers = await query<{ name: string; on_table: string; body: string | null }>(db, TRIGGERS, [
    schema ?? null,
  ]);
  return triggers
    .filter(({ on_table }) => tables.includes(on_table))
    .flatMap(({ name, body }) => {
      const text = (body ?? '').toLowerCase();
      const words = new Set(text.split(/[^\p{L}\p{N}_$]+/u));
      const isWritten = (table: string) =>
        /[^\p{L}\p{N}_$]/u.test(table) ? text.includes(table) : words.has(table);
      const written = others.filter(({ table }) => isWritten(table.toLowerCase()));
      return written.map((table) => ({ ...table, trigger: name }));
    });
}

const ENGINES =
  'select table_name as `table`, engine as engine from information_schema.tables where table_schema = coalesce(?, database())';
const TRIGGERS = `select trigger_name as name, event_object_table as on_table, action_statement as body
  from information_schema.triggers where event_object_schema = coalesce(?, database())`;

async function query<T>(db: Db, sql: string, bindings: (string | null)[]): Promise<T[]> {
  const [rows] = (await db.raw(sql, bindings as string[])) as [T[]];
  return rows;
}

/** `wp_users (MyISAM)`, for a sentence. */
export const describeUntransacted = (tables: readonly UntransactedTable[]): string =>
  tables
    .map(({ table, engine, trigger }) =>
      trigger === undefined
        ? `${table} (${engine})`
        : `${table} (${engine}, written by the trigger ${trigger})`,
    )
    .join(', ');
