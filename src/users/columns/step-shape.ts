import type { Scalar } from '../../types.ts';

/** Is it a step, as a config file may have it? */
export function isStep(step: unknown): boolean {
  if (!isRecord(step)) return false;
  const where = step['where'];
  if (where !== undefined && !isScalars(where)) return false;
  if ('delete' in step) return typeof step['delete'] === 'string' && where !== undefined;
  const isTable = ['string', 'undefined'].includes(typeof step['table']);
  return isTable && isRecord(step['set']) && Object.values(step['set']).every(isNewValue);
}

const isNewValue = (value: unknown): boolean =>
  isScalar(value) ||
  (isRecord(value) &&
    (Number.isSafeInteger(value['random']) ||
      value['uuid'] === true ||
      ['text', 's', 'ms'].includes(value['now'] as string) ||
      Number.isSafeInteger(value['increment'])));

export const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

export const isScalars = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isScalar);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
