import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Db } from '../../db/connect.ts';
import type { Scalar } from '../../types.ts';
import { randomText } from '../../values/random-text.ts';
import type { NewValue } from '../preset/preset.ts';

/** An instant as a column holds it: text in UTC (our sessions run in UTC), seconds or milliseconds since 1970. */
export function instant(now: number, as: 'text' | 's' | 'ms'): string | number {
  switch (as) {
    case 'ms':
      return now;
    case 's':
      return Math.floor(now / 1000);
    case 'text':
      return new Date(now).toISOString().replace('T', ' ').replace('Z', '');
  }
}

/** What a step writes into a column: random values are drawn for every reset. */
export function makeValue(db: Db, column: string, value: NewValue, now: number): Scalar | Knex.Raw {
  if (typeof value !== 'object' || value === null) return value;
  if ('random' in value) return value.digits === 'hex' ? randomHex(value.random) : randomText(value.random);
  if ('uuid' in value) return randomUUID();
  if ('now' in value) return instant(now, value.now);
  return db.raw('coalesce(??, 0) + ?', [column, value.increment]);
}

/** The same in words, for `reset presets NAME`. */
export function describeValue(column: string, value: NewValue): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('random' in value)
    return `<${value.random} random ${value.digits === 'hex' ? 'hex digits' : 'characters'}>`;
  if ('uuid' in value) return '<new UUID>';
  if ('now' in value) return '<now>';
  return `${column} + ${value.increment}`;
}

const randomHex = (length: number): string =>
  randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
