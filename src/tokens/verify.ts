import { timeAndDistance, toIso } from '../values/instant.ts';
import { sendHint } from '../values/send-hint.ts';
import jwt from 'jsonwebtoken';
import { ResetError } from '../errors.ts';
import type { Claims } from './claims.ts';
import { TOKEN_TYPE, toClaims } from './claims.ts';
import type { Key, Keyring } from './keyring.ts';

const MAX_LENGTH = 2048; // characters, checked before anything is parsed: jsonwebtoken verifies 2 MB if asked (R18)
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/;
const HEADER_NAMES = ['alg', 'kid', 'typ'];
const CLOCK_SKEW_S = 60; // how far another machine's clock may be ahead of ours when it issued (R13, R14)

/** Why a token is not ours: for the log, never for the visitor (R20). */
export type InvalidReason = 'format' | 'header' | 'key' | 'signature' | 'claims' | 'future';

export interface VerifyOptions {
  /** milliseconds since the epoch */
  readonly now: number;
  /** leeway around `exp`, and around `nbf` where it is more than a minute; whole seconds from 0 to 300 */
  readonly leewayS?: number;
}

/**
 * JWT → claims. Algorithm, type, header names, key look-up and claims are pinned here, because jsonwebtoken leaves
 * them open. Throws token_invalid (details.reason) or token_expired (details.expiredAt).
 */
export function verifyToken(keyring: Keyring, token: string, options: VerifyOptions): Claims {
  const claims = authenticateToken(keyring, token);
  assertInTime(claims, options);
  return claims;
}

/** What a token of ours says, whatever the time: for one keyring the same text has the same claims for ever. Throws token_invalid. */
export function authenticateToken(keyring: Keyring, token: string): Claims {
  const claims = toClaims(readPayload(keyring, token));
  if (!claims) throw invalid('claims');
  return claims;
}

/** Throws token_expired, and token_invalid for a token from the future. */
export function assertInTime(claims: Claims, { now, leewayS = 0 }: VerifyOptions): void {
  if (!Number.isInteger(leewayS) || leewayS < 0 || leewayS > 300) {
    throw new ResetError('config_invalid', 'The leeway must be whole seconds from 0 to 300.');
  }
  const nowS = Math.floor(now / 1000);
  if (claims.iat > nowS + CLOCK_SKEW_S) throw invalid('future');
  // Issued and valid from the same moment: the other machine's clock is forgiven in both.
  if ((claims.nbf ?? claims.iat) > nowS + Math.max(leewayS, CLOCK_SKEW_S)) throw invalid('future');
  if (claims.exp <= nowS - leewayS) {
    throw new ResetError(
      'token_expired',
      `This link expired at ${timeAndDistance(claims.exp * 1000, now)}. ${sendHint(claims.sub)}`,
      {
        details: { expiredAt: toIso(claims.exp * 1000), jti: claims.jti },
      },
    );
  }
}

/** The payload of a token that one of our keys signed for this purpose. */
function readPayload(keyring: Keyring, token: string): unknown {
  if (token.length > MAX_LENGTH || !COMPACT.test(token)) throw invalid('format');
  const key = keyOf(keyring, parseHeader(token));
  try {
    return jwt.verify(token, key.signing, {
      algorithms: ['HS256'],
      complete: false,
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
  } catch (error) {
    throw invalid('signature', error);
  }
}

function parseHeader(token: string): Record<string, unknown> {
  const [encoded = ''] = token.split('.', 1);
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalid('header', error);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw invalid('header');
  return header as Record<string, unknown>;
}

/** Only the names we write; anything else (crit, b64, jwk, zip …) asks for something that we don't do (R15). */
function keyOf(keyring: Keyring, header: Record<string, unknown>): Key {
  if (Object.keys(header).sort().join() !== HEADER_NAMES.join()) throw invalid('header');
  if (header['alg'] !== 'HS256' || !isOurType(header['typ'])) throw invalid('header');
  const key = typeof header['kid'] === 'string' ? keyring.all.get(header['kid']) : undefined;
  if (!key) throw invalid('key');
  return key;
}

/** RFC 8725 §3.11: compared without case, `application/` may stand before it. */
const isOurType = (typ: unknown): boolean =>
  typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === TOKEN_TYPE;

const invalid = (reason: InvalidReason, cause?: unknown) =>
  new ResetError(
    'token_invalid',
    'This is not a reset link, or only a part of one. Copy the full link again.',
    {
      details: { reason },
      ...(cause === undefined ? {} : { cause }),
    },
  );
