import { inflateSync } from 'node:zlib';
import { encodeJson, parseJson } from './base64url-json.ts';
import type { Verdict } from './issuer.ts';
import { hmacText, saltedKey, unsign } from './signed-token.ts';

/** What `URLSafeTimedSerializer` signs with. */
export interface TimedSigning {
  readonly secret: string;
  readonly salt: string;
  /** of its HMAC: sha1 unless an application chose another */
  readonly algorithm: string;
}

/** Payload, which a dot marks as packed; time; signature. */
export const TIMED = /^(\.?[\w-]+)\.([\w-]{5,7})\.([\w-]{27}|[\w-]{43}|[\w-]{64}|[\w-]{86})$/;

/** Length of a signature → its hash. */
const TIMED_HASHES: Readonly<Record<number, string>> = {
  27: 'sha1',
  43: 'sha256',
  64: 'sha384',
  86: 'sha512',
};

/** The hash that a token of this form is signed with, by the length of its signature. */
export const timedHashOf = (token: string): string | undefined =>
  TIMED_HASHES[TIMED.exec(token)?.[3]?.length ?? 0];

/** A payload that unpacks to more is none of a reset link. */
const MAX_BYTES = 10_000;

/** Payload and time (seconds) of a token with the right signature. */
export function readTimed(
  token: string,
  { secret, salt, algorithm }: TimedSigning,
): { payload: unknown; iat: number } | undefined {
  const [, packed = '', time = ''] = TIMED.exec(token) ?? [];
  const key = saltedKey(algorithm, salt, secret);
  if (packed === '' || unsign(token, algorithm, key) === undefined) return undefined;
  const payload = unpack(packed);
  const iat = Number.parseInt(Buffer.from(time, 'base64url').toString('hex'), 16);
  return payload === undefined ? undefined : { payload, iat };
}

function unpack(packed: string): unknown {
  const bytes = Buffer.from(packed.replace(/^\./, ''), 'base64url');
  try {
    return parseJson(packed.startsWith('.') ? inflateSync(bytes, { maxOutputLength: MAX_BYTES }) : bytes);
  } catch {
    return undefined;
  }
}

/** Never packed: an application reads both. */
export function writeTimed(payload: unknown, iat: number, { secret, salt, algorithm }: TimedSigning): string {
  const time = Buffer.from(iat.toString(16).padStart(8, '0'), 'hex').toString('base64url');
  const text = `${encodeJson(payload)}.${time}`;
  return `${text}.${hmacText(algorithm, saltedKey(algorithm, salt, secret), text)}`;
}

/** Good as long as its age in whole seconds is not above `max_age`. */
export function timedVerdict(iat: number, lifeMs: number, now: number): Verdict {
  const expiresAt = iat + lifeMs / 1000;
  return { state: expiresAt < Math.floor(now / 1000) ? 'expired' : 'good', issuedAt: iat, expiresAt };
}
