import { dialectOf, type Db } from './connect.ts';

/**
 * Those of these tables (`table` or `schema.table`) where row-level security holds for this connection's user: the
 * database then leaves out rows without saying so, in SELECT and UPDATE alike. Only PostgreSQL has it.
 */
export async function findRowSecurity(db: Db, tables: readonly string[]): Promise<string[]> {
  if (dialectOf(db) !== 'postgres') return [];
  const found: string[] = [];
  for (const table of tables) {
    const { rows } = await db.raw<{ rows: [{ isActive: boolean | null }] }>(
      'select row_security_active(to_regclass(?)) as "isActive"',
      [quote(table)],
    );
    if (rows[0].isActive === true) found.push(table);
  }
  return found;
}

const quote = (table: string): string =>
  table
    .split('.')
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join('.');
