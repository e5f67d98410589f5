import { ResetError } from '../../errors.ts';
import type { ColumnValue } from '../../flows/batch/batch-request.ts';

/** `team=it`. Throws usage_invalid. */
export function toColumnValue(text: string): ColumnValue {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`${JSON.stringify(text)} is not a condition. Write column=value, such as team=it.`);
  return { column: text.slice(0, at), value: text.slice(at + 1) };
}

/** Throws usage_invalid. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least)) throw usage(`${flag} takes a whole number, ${least} or more.`);
  return number;
}

const usage = (message: string): ResetError => new ResetError('usage_invalid', message);
