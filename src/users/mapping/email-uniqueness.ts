import { dialectOf, type Db } from '../../db/connect.ts';
import { describeTable } from '../../db/introspect.ts';
import { sourceOf, tableOf, type UsersMapping } from './users-mapping.ts';

/** What the database promises about addresses, and what it holds. */
export interface EmailUniqueness {
  /** a unique index on the column alone */
  readonly isUnique: boolean;
  readonly isCaseInsensitive: boolean;
  /** addresses that more than one user has, upper and lower case aside; at most `limit` are counted */
  readonly shared: number;
}

const limit = 1000;

/** Reads every address once: on a million users this takes seconds. */
export async function readEmailUniqueness(db: Db, mapping: UsersMapping): Promise<EmailUniqueness> {
  const source = sourceOf(mapping, 'email');
  const isUnique = await isUniqueColumn(db, mapping);
  const facts = mapping.facts[`${source}.${mapping.email}`];
  const folded = facts?.kind === 'binary' && dialectOf(db) === 'postgres' ? `convert_from(??, 'UTF8')` : '??';
  const shared = (await db(tableOf(mapping, source))
    .where({ ...mapping.siblings, ...mapping.emailIn?.where })
    .whereNotNull(mapping.email)
    .andWhereRaw('?? <> ?', [mapping.email, ''])
    .groupByRaw(`lower(${folded})`, [mapping.email])
    .havingRaw('count(*) > 1')
    .select(db.raw('1'))
    .limit(limit)) as unknown[];
  return { isUnique, isCaseInsensitive: facts?.isCaseInsensitive ?? false, shared: shared.length };
}

/** Is there a unique index on the column of the address alone? */
async function isUniqueColumn(db: Db, mapping: UsersMapping): Promise<boolean> {
  const info = await describeTable(db, mapping.emailIn?.table ?? mapping.table, mapping.schema);
  return info?.unique.some((columns) => columns.length === 1 && columns[0] === mapping.email) ?? false;
}
