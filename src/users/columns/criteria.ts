import type { Knex } from 'knex';
import { dialectOf, type Db } from '../../db/connect.ts';
import type { ColumnKind } from '../../db/introspect.ts';
import { ResetError } from '../../errors.ts';
import type { Scalar } from '../../types.ts';

/** One column and the value that it must have, to the byte. */
export interface Criterion {
  readonly column: string;
  readonly value: Scalar;
  readonly kind?: ColumnKind | undefined;
  /** an index serves this column: compare it in the column's own way first */
  readonly isKey?: true;
}

/** At least one criterion: an empty WHERE would match every row, so it cannot be expressed (R74). */
export type Criteria = readonly [Criterion, ...Criterion[]];

/**
 * Adds `column = value` for every criterion, so that only the same bytes match: a collation or citext would also
 * take another upper or lower case or an accent for equal, and NULL would equal nothing.
 */
export function whereAll(db: Db, query: Knex.QueryBuilder, criteria: Criteria): Knex.QueryBuilder {
  for (const { column, value, kind, isKey } of criteria) {
    assertScalar(column, value);
    if (value === null) query.whereNull(column);
    else if (typeof value !== 'string') query.where(column, value);
    else {
      if (isKey) query.where(column, value);
      query.whereRaw(sameText(db, kind), [column, value]);
    }
  }
  return query;
}

/** R73: drivers pass objects and arrays on, and some databases then compare with something else than was meant. */
export function assertScalar(column: string, value: unknown): asserts value is Scalar {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return;
  throw new ResetError(
    'usage_invalid',
    `The value for ${column} must be text, a number, true, false or null.`,
  );
}

const OWN_WAY: readonly (ColumnKind | undefined)[] = ['integer', 'number', 'boolean', 'time', 'uuid'];

/** SQL for `column = value` as text, to the byte; bindings: column, value. */
export function sameText(db: Db, kind: ColumnKind | undefined): string {
  switch (dialectOf(db)) {
    case 'sqlite':
      return 'cast(?? as text) = ?';
    case 'postgres':
      return kind === 'binary' ? `convert_from(??, 'UTF8') = ?` : 'cast(?? as text) = ?';
    case 'mysql':
      return OWN_WAY.includes(kind)
        ? '?? = ?'
        : 'cast(convert(?? using utf8mb4) as binary) = cast(? as binary)';
  }
}
