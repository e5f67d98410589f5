import { ResetError } from '../errors.ts';
import { identifyFormat } from './find-format.ts';
import { programName } from '../values/program-name.ts';

/** Whose hash it is and what says how it should be read. */
export interface StoredHash {
  /** the encoded hash in the user's row; null or empty where there is no password yet */
  readonly encoded: string | null;
  readonly userId?: string | undefined;
  /** `users.hash`: `auto`, or a format's name */
  readonly setting: string;
  /** the preset's format, asked first */
  readonly preset: string | null;
}

/** Is there a hash, and does no format read it? */
export const isUnknownHash = ({ encoded, preset }: Pick<StoredHash, 'encoded' | 'preset'>): boolean =>
  encoded !== null && encoded !== '' && identifyFormat(encoded, preset ?? undefined) === undefined;

/**
 * Refuses a user whose stored hash no format can read: the application could probably not read whatever was written
 * instead. An operator who sets `users.hash` has decided. Throws config_invalid with `details.userId`.
 */
export function assertKnownHash(stored: StoredHash): void {
  if (stored.setting === 'auto' && isUnknownHash(stored)) throw unknownHash(stored);
}

function unknownHash({ encoded, userId }: StoredHash): ResetError {
  const whose = userId === undefined ? 'A user' : `User ${userId}`;
  const shown = describeUnknown(encoded ?? '');
  return new ResetError(
    'config_invalid',
    `${whose} has a hash of a format that reset does not know (${shown}), and the application might not read another one. See: ${programName} hashes. Then set users.hash to the format that the application reads.`,
    { details: { reason: 'unknown_hash', ...(userId !== undefined && { userId }), hash: shown } },
  );
}

/** What follows the mark must be at least this long: else it may be somebody's password in plain text. */
const SHORTEST_REST = 16;

/** The mark and the length of an unknown hash: `{SSHA512}…, 132 characters`. */
export const describeUnknown = (encoded: string): string =>
  `${markOf(encoded)}, ${encoded.length} characters`;

/**
 * The mark by which an operator recognises the scheme of an unknown hash (`{SSHA512}…`, `$y$…`, `!bcrypt!…`), else what
 * kind of text it is. Whatever may be salt, digest or a plain password is never shown.
 */
export function markOf(encoded: string): string {
  const [mark] = MARK.exec(encoded) ?? [];
  const isMark = mark !== undefined && encoded.length >= mark.length + SHORTEST_REST;
  if (!isMark) return kindOfText(encoded);
  return CONTROL.test(encoded) ? `${mark}… with a line break or another control character` : `${mark}…`;
}

const CONTROL = /\p{Cc}/u;

/** A name that points to a hash function: a salt may stand before a `$` or a colon as well. */
const FUNCTION =
  '[a-z_-]{0,10}(?:md[245]|sha|pbkdf|crypt|argon|hmac|phpass|ripemd|whirlpool|blake|mode)[a-z0-9_.-]{0,14}';
const MARK = new RegExp(
  `^(?:\\{[a-z][a-z0-9@_.-]{0,30}\\}|\\$[0-9][a-z]?\\$|\\$[a-z]{1,2}\\$|\\$?${FUNCTION}[$:]|[!:]${FUNCTION}[!:]|\\*(?=[0-9A-F]{40}$))`,
  'i',
);

function kindOfText(encoded: string): string {
  if (CONTROL.test(encoded)) return 'text with control characters';
  if (encoded.length < SHORTEST_REST) return 'short text';
  if (/^[0-9a-f]+$/i.test(encoded)) return 'hexadecimal digits';
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) return 'letters and digits, as base64 has them';
  return 'text that names no scheme';
}
