import { ResetError } from '../errors.ts';
import { findWritableFormat, identifyFormat, isWritable } from './find-format.ts';
import type { WritableFormat } from './find-format.ts';
import { assertKnownHash } from './known-hash.ts';

/** What is known about how the application writes its hashes. */
export interface FormatClues {
  /** `users.hash`: `auto`, or the name of a format */
  readonly setting: string;
  /** the encoded hash in the user's row; null if there is none yet */
  readonly row: string | null;
  /** whose row it is, for the sentence of a refusal */
  readonly userId?: string | undefined;
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
 * In which format to write. `auto` keeps what the user's row has, because an older release of an application cannot
 * read what a newer one writes. A row without such a hash gets the preset's format if any of the newest rows has it,
 * else what most of them have, and the preset's in an empty table. Throws config_invalid for a hash that no format
 * reads (`details.userId`), and where nothing says which format to write.
 */
export async function chooseFormat(clues: FormatClues): Promise<FormatChoice> {
  const { setting, row, preset, userId } = clues;
  if (setting !== 'auto') return choose(findWritableFormat(setting), 'setting', clues);
  assertKnownHash({ encoded: row, userId, setting, preset });
  const ofRow = row === null ? undefined : identifyFormat(row, preset ?? undefined);
  if (isWritable(ofRow)) return choose(ofRow, 'row', clues);
  return chooseByTable(clues);
}

/** For a row without a hash: what the table and the preset say. */
async function chooseByTable(clues: FormatClues): Promise<FormatChoice> {
  const { preset } = clues;
  const frequent = listByFrequency(await clues.newest(), preset);
  const named = preset === null ? undefined : findWritableFormat(preset);
  const [first = named] = frequent;
  if (named && (first === named || frequent.includes(named))) return choose(named, 'preset', clues);
  if (first) return choose(first, 'table', clues);
  throw new ResetError(
    'config_invalid',
    "Nothing shows how the application hashes passwords: there is no preset, and no row has a hash that reset knows. Set users.preset, or users.hash to a format's name (bcrypt, for example).",
  );
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

/** The formats that can be written, most frequent first; among equals, the newest row's comes first. */
function listByFrequency(hashes: readonly (string | null)[], preset: string | null): WritableFormat[] {
  const counts = new Map<WritableFormat, number>();
  for (const encoded of hashes) {
    const format = encoded === null ? undefined : identifyFormat(encoded, preset ?? undefined);
    if (isWritable(format)) counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([format]) => format);
}
