import type { User } from '../types.ts';
import { fingerprint } from './fingerprint.ts';
import type { Keyring } from './keyring.ts';
import { createTokenId, type NewToken } from './token-store.ts';

/** What a new token is for, and how long it lives. */
export interface TokenTerms {
  readonly requestId: string;
  /** milliseconds */
  readonly now: number;
  /** seconds */
  readonly lifeS: number;
  /** the application's issuer; null for a link of our own */
  readonly issuer: string | null;
}

/** A token for this user from now on, under the key that signs today. Nothing is stored yet. */
export function mintToken(
  { current }: Pick<Keyring, 'current'>,
  user: User,
  { requestId, now, lifeS, issuer }: TokenTerms,
): NewToken {
  const iat = Math.floor(now / 1000);
  return {
    jti: createTokenId(),
    requestId,
    userId: user.id,
    kid: current.kid,
    iat,
    exp: iat + lifeS,
    fp: fingerprint(current, user),
    issuer,
  };
}
