import { randomBytes } from 'node:crypto';
import type { HashOptions } from '../hash-format.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { digest } from './digest.ts';
import { decodeCharacter, encodeItoa64, encodeNumber } from './itoa64.ts';
import { repeat } from './repeat.ts';

export interface PhpassParts {
  /** 2^log2 passes */
  readonly log2: number;
  readonly salt: string;
  readonly digest: Buffer;
}

/** phpass allows 30, which takes half an hour; nobody writes more than 2^20. */
const HIGHEST_LOG2 = 24;
const LOWEST_LOG2 = 7;

/** The part behind `$P$`: a character for the passes, eight of salt, the digest. */
export function readPhpass(text: string): PhpassParts | undefined {
  const log2 = decodeCharacter(text.charAt(0));
  if (log2 < LOWEST_LOG2 || log2 > HIGHEST_LOG2) return undefined;
  return { log2, salt: text.slice(1, 9), digest: Buffer.from(text.slice(9)) };
}

/** h = H(salt ‖ password), then 2^log2 times h = H(h ‖ password), in crypt's characters, cut to `length`. */
export async function phpassDigest(
  algorithm: string,
  password: string,
  { log2, salt }: Pick<PhpassParts, 'log2' | 'salt'>,
  length: number,
): Promise<Buffer> {
  const key = Buffer.from(password);
  const first = digest(algorithm, Buffer.concat([Buffer.from(salt), key]));
  const last = await repeat(2 ** log2, first, (hash) => digest(algorithm, Buffer.concat([hash, key])));
  return Buffer.from(encodeItoa64(last).slice(0, length));
}

/** The part behind `$P$` with a new salt; as many passes as the row has, or more. */
export async function hashPhpass(
  algorithm: string,
  password: string,
  length: number,
  { row, options, usual }: { row: PhpassParts | undefined; options: HashOptions; usual: number },
): Promise<string> {
  const log2 = Math.min(chooseCost(wantedNumber(options, 'log2'), row?.log2, usual, usual), HIGHEST_LOG2);
  const salt = encodeItoa64(randomBytes(6));
  const hash = await phpassDigest(algorithm, password, { log2, salt }, length);
  return `${encodeNumber(log2, 1)}${salt}${hash.toString()}`;
}
