import { ResetError } from '../errors.ts';
import { formats } from './formats/index.ts';
import type { HashFormat } from './hash-format.ts';

/** A format that can be written. */
export type WritableFormat = HashFormat & Required<Pick<HashFormat, 'hash'>>;

/** The format with this name; `config_invalid` with all names if there is none. */
export function findFormat(name: string): HashFormat {
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  const names = formats.map((format) => format.name).join(', ');
  throw new ResetError('config_invalid', `There is no hash format "${name}". Known: ${names}.`);
}

/** The same for writing; `config_invalid` for a legacy format. */
export function findWritableFormat(name: string): WritableFormat {
  const format = findFormat(name);
  if (isWritable(format)) return format;
  throw new ResetError('config_invalid', `${name} is read-only: set users.hash to a current format.`);
}

export const isWritable = (format: HashFormat | undefined): format is WritableFormat =>
  format?.hash !== undefined;

/**
 * Which format an encoded hash is in. `preferred`, the preset's, goes first where it can read the string: some
 * formats look like others.
 */
export function identifyFormat(encoded: string, preferred?: string): HashFormat | undefined {
  const named = preferred === undefined ? undefined : findFormat(preferred);
  if (named !== undefined && (named.identifies(encoded) || named.reads?.(encoded) === true)) return named;
  return formats.find((format) => format.identifies(encoded));
}
