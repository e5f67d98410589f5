import { ResetError } from '../errors.ts';
import type { HashOptions } from './hash-format.ts';

/** A number in `parameters`, by the name that `summary` uses; undefined where nobody asks for one. */
export function wantedNumber(options: HashOptions, name: string): number | undefined {
  const value = options.parameters?.[name];
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new ResetError('config_invalid', `The hash parameter ${name} must be a whole number above 0.`);
  return number;
}

/**
 * The cost to write with: never below the row's, never below `floor` (R37). Asking for less than the floor is an
 * error, so that a typing mistake does not weaken a whole table silently; asking for less than the row is not.
 */
export function chooseCost(
  wanted: number | undefined,
  row: number | undefined,
  floor: number,
  usual: number,
) {
  if (wanted !== undefined && wanted < floor)
    throw new ResetError(
      'config_invalid',
      `The hash cost ${wanted} is too low: at least ${floor} is needed.`,
    );
  return Math.max(floor, row ?? 0, wanted ?? (row === undefined ? usual : 0));
}
