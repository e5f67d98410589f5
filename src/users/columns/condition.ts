import type { Scalar } from '../../types.ts';
import type { Condition } from '../preset.ts';

/**
 * Does a value read from the database meet a condition? Databases write yes as true, 1, '1' or 't'; integers may
 * arrive as text. `{ past: true }` is decided by the database and arrives here as its answer.
 */
export function meets(value: Scalar, condition: Condition): boolean {
  if (typeof condition !== 'object' || condition === null) return isSame(value, condition);
  if ('oneOf' in condition) return condition.oneOf.some((each) => isSame(value, each));
  if ('noneOf' in condition) return !condition.noneOf.some((each) => isSame(value, each));
  if ('not' in condition) return !isSame(value, condition.not);
  if ('startsWith' in condition) return typeof value === 'string' && value.startsWith(condition.startsWith);
  if ('empty' in condition) return (value === null || value === '') === condition.empty;
  return toBoolean(value);
}

function isSame(value: Scalar, wanted: Scalar): boolean {
  if (value === null || wanted === null) return value === wanted;
  if (typeof wanted === 'boolean') return toBoolean(value) === wanted;
  if (typeof wanted === 'number') {
    if (typeof value === 'boolean') return Number(value) === wanted;
    return value !== '' && Number(value) === wanted;
  }
  return String(value) === wanted;
}

const toBoolean = (value: Scalar): boolean =>
  value === true || [1, '1', 't', 'true', 'T', 'Y', 'y'].includes(value as never);

/** The condition in words, for `reset presets NAME` and refusals. */
export function describeCondition(column: string, condition: Condition): string {
  if (typeof condition !== 'object' || condition === null) return `${column} is ${literal(condition)}`;
  if ('oneOf' in condition) return `${column} is one of ${condition.oneOf.map(literal).join(', ')}`;
  if ('noneOf' in condition) return `${column} is none of ${condition.noneOf.map(literal).join(', ')}`;
  if ('not' in condition) return `${column} is not ${literal(condition.not)}`;
  if ('startsWith' in condition) return `${column} starts with ${condition.startsWith}`;
  if ('empty' in condition) return `${column} is ${condition.empty ? 'empty' : 'not empty'}`;
  return `${column} is empty or over`;
}

const literal = (value: Scalar): string => (typeof value === 'string' ? `'${value}'` : String(value));
