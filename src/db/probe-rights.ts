import { dialectOf, type Db } from './connect.ts';
import { quoteName } from './quote-name.ts';

export type Right = 'select' | 'insert' | 'update' | 'delete';

/** Rights on one table. */
export interface TableRights {
  readonly table: string;
  readonly rights: readonly Right[];
  /** of `update`: these columns; of `select` too, where the database grants by column */
  readonly columns: readonly string[];
}

/**
 * Which of these rights the connection lacks: each is tried with a statement that touches no row, the only question
 * that all three databases answer alike. A missing table is another check's business.
 */
export async function findMissingRights(db: Db, needed: readonly TableRights[]): Promise<TableRights[]> {
  const missing: TableRights[] = [];
  for (const { table, rights, columns } of needed) {
    const denied: Right[] = [];
    for (const right of rights) if (await isDenied(db, table, right, columns)) denied.push(right);
    if (denied.length > 0) missing.push({ table, rights: denied, columns });
  }
  return missing;
}

async function isDenied(db: Db, table: string, right: Right, columns: readonly string[]): Promise<boolean> {
  try {
    await db.transaction((trx) => trx.raw(...statement(right, table, columns)));
    return false;
  } catch (error) {
    const { code, errno } = error as { code?: string; errno?: number };
    return code === '42501' || [1142, 1143, 1044].includes(errno ?? 0);
  }
}

function statement(right: Right, table: string, columns: readonly string[]): [string, string[]] {
  const places = columns.map(() => '??').join(', ');
  switch (right) {
    case 'select':
      return [`select ${places || '1'} from ?? where 1 = 0`, [...columns, table]];
    case 'insert':
      return ['insert into ?? select * from ?? where 1 = 0', [table, table]];
    case 'update':
      return [
        `update ?? set ${columns.map(() => '?? = ??').join(', ')} where 1 = 0`,
        [table, ...columns.flatMap((column) => [column, column])],
      ];
    case 'delete':
      return ['delete from ?? where 1 = 0', [table]];
  }
}

/** `grant select, update on users to app;` for each. `user` as the server names it. */
export const grantsFor = (db: Db, needed: readonly TableRights[], user: string): string[] =>
  needed.map(({ table, rights }) => `grant ${rights.join(', ')} on ${quoteName(db, table)} to ${user};`);

/** A user as grants name it: MySQL reports `app@%` and expects `'app'@'%'`. */
export function quoteUser(user: string): string {
  const at = user.lastIndexOf('@');
  return at === -1 ? `"${user.replaceAll('"', '""')}"` : `'${user.slice(0, at)}'@'${user.slice(at + 1)}'`;
}

/** May this user create tables where ours would be? Only PostgreSQL says so without a try; true elsewhere. */
export async function mayCreateTables(db: Db): Promise<boolean> {
  if (dialectOf(db) !== 'postgres') return true;
  const { rows } = await db.raw<{ rows: [{ may: boolean | null }] }>(
    "select has_schema_privilege(current_schema(), 'CREATE') as may",
  );
  return rows[0].may === true;
}
