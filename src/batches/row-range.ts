import type { Knex } from 'knex';

/** Between which rows a batch lies: what is before and after it need not be read. */
export interface RowRange {
  /** just before its first row */
  readonly before: number;
  readonly last: number;
}

export async function rowRange(db: Knex, batchId: string): Promise<RowRange> {
  const row = (await db('reset_outbox')
    .where({ batch_id: batchId })
    .min({ first: 'id' })
    .max({ last: 'id' })
    .first()) as Record<'first' | 'last', number | string | null> | undefined;
  return { before: Number(row?.first ?? 1) - 1, last: Number(row?.last ?? 0) };
}
