import { ResetError } from '../errors.ts';
import { findWritableFormat, identifyFormat } from './find-format.ts';
import type { HashFormat, HashOptions } from './hash-format.ts';
import { hashQueue } from './hash-queue.ts';
import { MAX_RAW_BYTES } from './policy-rule.ts';
import { bytes } from './rules/bytes.ts';
import { text } from './rules/text.ts';
import { applyPrehash, type Prehash } from './prehash.ts';
import { unreadableHash } from './unreadable-hash.ts';

export { identifyFormat } from './find-format.ts';

export interface VerifyOptions {
  /** the preset's format: asked first; the string's own looks decide where it cannot read it */
  readonly format?: string | undefined;
  readonly pepper?: string | undefined;
  readonly prehash?: Prehash | undefined;
}

/**
 * Does this password (transformed as the application's login does) belong to the encoded hash? Waits in the
 * process-wide queue; `config_invalid` where no format reads the string.
 */
export async function verifyPassword(
  password: string,
  encoded: string,
  { format: preferred, pepper, prehash }: VerifyOptions = {},
): Promise<boolean> {
  const format = identifyFormat(encoded, preferred);
  if (format === undefined) throw unreadableHash(preferred ?? 'any known format');
  refusePepper(format, pepper);
  if (Buffer.byteLength(password) > MAX_RAW_BYTES) return false;
  const ready = applyPrehash(password, prehash, format.maxBytes);
  return hashQueue.run(() => format.verify(ready, encoded, { pepper }));
}

export interface HashPasswordOptions extends HashOptions {
  /** name of a format that can be written */
  readonly format: string;
  readonly prehash?: Prehash | undefined;
}

/**
 * Writes a password (transformed as the application's login does) in the format given. `password_rejected` where
 * the format cannot hold it, because a transform can make a password longer than the policy saw it.
 */
export async function hashPassword(
  password: string,
  { format: name, prehash, ...options }: HashPasswordOptions,
): Promise<string> {
  const format = findWritableFormat(name);
  refusePepper(format, options.pepper);
  // A digest is as long as any other, however long the password is.
  await refuseUnfit(password, prehash === undefined ? format.maxBytes : undefined);
  const ready = applyPrehash(password, prehash, format.maxBytes);
  return hashQueue.run(() => format.hash(ready, options));
}

function refusePepper(format: HashFormat, pepper: string | undefined): void {
  if (pepper === undefined || pepper === '' || format.takesPepper) return;
  throw new ResetError(
    'config_invalid',
    `The format ${format.name} does not use a pepper. Remove it from users.`,
  );
}

async function refuseUnfit(password: string, maxBytes: number | undefined): Promise<void> {
  const answers = await Promise.all(
    [text, bytes].map(async (rule) => rule.check(password, {}, { maxBytes })),
  );
  const violations = answers.flat();
  if (violations.length === 0) return;
  throw new ResetError('password_rejected', violations.map((violation) => violation.message).join(' '), {
    details: { violations },
  });
}
