import { dialectOf, type Db } from './connect.ts';

/** What an index can be searched by: a column as it is, or in lower case. */
export interface IndexHead {
  readonly column: string;
  readonly isLower: boolean;
}

/** The first column of every ordered index of a table: what a search by a beginning can use. */
export async function readIndexHeads(db: Db, table: string, schema?: string): Promise<IndexHead[]> {
  const dialect = dialectOf(db);
  const result: unknown = await db.raw(HEADS[dialect], { table, schema: schema ?? null });
  const rows =
    dialect === 'postgres'
      ? (result as { rows: Row[] }).rows
      : dialect === 'mysql'
        ? (result as [Row[]])[0]
        : (result as Row[]);
  return rows.flatMap(({ head }) => toHead(head));
}

interface Row {
  readonly head: string | null;
}

// A partial index counts where it only leaves out blanks, which is what `doctor` proposes.
const HEADS = {
  sqlite: `select i.name as head from pragma_index_list(:table) l, pragma_index_info(l.name) i
    where i.seqno = 0 and l.partial = 0 and :schema is null`,
  postgres: `select pg_get_indexdef(i.indexrelid, 1, true) as head
    from (select cast(:table as text) as name) t, (select cast(:schema as text) as name) s,
      pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
    where i.indrelid = to_regclass(case when s.name is null then quote_ident(t.name) else quote_ident(s.name) || '.' || quote_ident(t.name) end)
      and i.indisvalid and m.amname = 'btree' and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%<> ''''%')`,
  mysql: `select column_name as head from information_schema.statistics
    where table_name = :table and table_schema = coalesce(:schema, database()) and seq_in_index = 1 and index_type = 'BTREE'`,
} as const;

const LOWER = /^lower\(\(?"?([^"()]+)"?\)?(?:::\w+)?\)$/;

function toHead(head: string | null): IndexHead[] {
  if (head === null) return [];
  const lowered = LOWER.exec(head)?.[1];
  if (lowered !== undefined) return [{ column: lowered, isLower: true }];
  return /[()]/.test(head) ? [] : [{ column: head.replace(/^"(.*)"$/, '$1'), isLower: false }];
}
