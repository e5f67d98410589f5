import { ResetError } from '../errors.ts';
import { findWritableFormat, identifyFormat, isWritable } from './find-format.ts';
import type { WritableFormat } from './find-format.ts';

/** What is known about how the application writes its hashes. */
export interface FormatClues {
  /** `users.hash`: `auto`, or the name of a format */
  readonly setting: string;
  /** the encoded hash in the user's row; null if there is none yet */
  readonly row: string | null;
  /** the preset's format; null if the preset leaves it to the rows */
  readonly preset: string | null;
  /** encoded hashes of the newest rows, newest first; read only if row and preset do not settle it */
  readonly newest: () => Promise<readonly (string | null)[]>;
}

export interface FormatChoice {
  readonly format: WritableFormat;
  /** a hash of this format in the table: prefix and parameters to keep. Pass it on to `hashPassword` */
  readonly like: string | undefined;
  /** what decided, for `--verbose` and the doctor */
  readonly because: 'setting' | 'row' | 'preset' | 'table';
}

/**
 * In which format to write. `auto` keeps what the user's row has, because an older release of an application
 * cannot read what a newer one writes; rows in a format that is read only get the preset's, else what most of the
 * newest rows have. Nothing to go by: `config_invalid` that says what to configure.
 */
export async function chooseFormat(clues: FormatClues): Promise<FormatChoice> {
  const { setting, row, preset } = clues;
  if (setting !== 'auto') return choose(findWritableFormat(setting), 'setting', clues);
  const ofRow = row === null ? undefined : identifyFormat(row, preset ?? undefined);
  if (isWritable(ofRow)) return choose(ofRow, 'row', clues);
  if (preset !== null) return choose(findWritableFormat(preset), 'preset', clues);
  return choose(findMostFrequent(await clues.newest()), 'table', clues);
}

async function choose(
  format: WritableFormat,
  because: FormatChoice['because'],
  { row, newest }: FormatClues,
): Promise<FormatChoice> {
  const reads = (encoded: string | null): encoded is string =>
    encoded !== null && identifyFormat(encoded, format.name) === format;
  return { format, because, like: reads(row) ? row : (await newest()).find(reads) };
}

function findMostFrequent(hashes: readonly (string | null)[]): WritableFormat {
  const counts = new Map<WritableFormat, number>();
  for (const encoded of hashes) {
    const format = encoded === null ? undefined : identifyFormat(encoded);
    if (isWritable(format)) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, one], [, other]) => other - one);
  if (first !== undefined) return first[0];
  throw new ResetError(
    'config_invalid',
    "Nothing says how the application hashes passwords: no preset, and no row with a hash that is known. Set users.preset, or users.hash to a format's name (bcrypt, for example).",
  );
}
