import type { Scalar } from '../../types.ts';
import type { Condition } from '../preset/preset.ts';

/** Each operator of a condition, and what it takes. */
const OPERANDS: Readonly<Record<string, { takes: string; isGood: (operand: unknown) => boolean }>> = {
  oneOf: { takes: 'a list of values', isGood: isList },
  noneOf: { takes: 'a list of values', isGood: isList },
  not: { takes: 'a value', isGood: isScalar },
  startsWith: { takes: 'text', isGood: (operand) => typeof operand === 'string' && operand !== '' },
  empty: { takes: 'true or false', isGood: (operand) => typeof operand === 'boolean' },
  past: { takes: 'true', isGood: (operand) => operand === true },
};

/** Why this is not a condition, if so: the operator that does not exist, or what it takes. */
export function checkCondition(condition: unknown): string | undefined {
  if (isScalar(condition)) return undefined;
  const known = Object.entries(OPERANDS).map(([name, { takes }]) => `${name} (${takes})`);
  const ways = `Write a value, or an object with one of: ${known.join(', ')}`;
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) {
    return `is not a condition. ${ways}`;
  }
  return checkOperator(Object.entries(condition), ways);
}

function checkOperator([first, ...more]: readonly [string, unknown][], ways: string): string | undefined {
  if (first === undefined || more.length > 0) return `must have exactly one operator. ${ways}`;
  const [operator, operand] = first;
  const rule = Object.hasOwn(OPERANDS, operator) ? OPERANDS[operator] : undefined;
  if (!rule) return `has no operator ${JSON.stringify(operator)}. ${ways}`;
  return rule.isGood(operand) ? undefined : `${operator} takes ${rule.takes}`;
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isScalar);
}

/** The condition in words, for `reset presets NAME` and refusals. */
export function describeCondition(column: string, condition: Condition): string {
  if (typeof condition !== 'object' || condition === null) return `${column} is ${literal(condition)}`;
  if ('oneOf' in condition) return `${column} is one of ${condition.oneOf.map(literal).join(', ')}`;
  if ('noneOf' in condition) return `${column} is not any of ${condition.noneOf.map(literal).join(', ')}`;
  if ('not' in condition) return `${column} is not ${literal(condition.not)}`;
  if ('startsWith' in condition) return `${column} starts with ${condition.startsWith}`;
  if ('empty' in condition) return `${column} is ${condition.empty ? 'empty' : 'not empty'}`;
  return `${column} is empty or over`;
}

const literal = (value: Scalar): string => (typeof value === 'string' ? `'${value}'` : String(value));
