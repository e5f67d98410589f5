import type { Db } from '../../db/connect.ts';
import { findTable } from './find-table.ts';
import type { UsersMapping } from './users-mapping.ts';

/** Without what is about tables that are not there. */
export async function keepAdvice(db: Db, { advice, schema }: UsersMapping): Promise<string[]> {
  const kept = await Promise.all(
    advice.map(async (each) => {
      if (typeof each === 'string') return [each];
      return (await findTable(db, schema, each.table)) ? [each.text] : [];
    }),
  );
  return kept.flat();
}
