import type { Occasion, User } from '../types.ts';
import { mintCode } from './code.ts';
import { fingerprint } from './fingerprint.ts';
import type { Keyring } from './keyring.ts';
import { createTokenId, type NewToken } from './token-store.ts';

/** What a new token is for, and how long it lives. */
export interface TokenTerms {
  /** of a token that gets a new life; without it the token is a new one */
  readonly jti?: string;
  readonly requestId: string;
  /** milliseconds */
  readonly now: number;
  /** seconds */
  readonly lifeS: number;
  /** the application's issuer; null for a link of our own */
  readonly issuer: string | null;
  readonly occasion: Occasion | null;
  /** a one-time code goes into the same mail; only beside a link of our own */
  readonly hasCode?: boolean;
}

/** A token for this user from now on, under the key that signs today. Nothing is stored yet. */
export function mintToken(
  { current: key }: Pick<Keyring, 'current'>,
  user: User,
  { jti = createTokenId(), requestId, now, lifeS, issuer, occasion, hasCode = false }: TokenTerms,
): NewToken {
  const iat = Math.floor(now / 1000);
  const facts = { jti, requestId, userId: user.id, kid: key.kid, iat, exp: iat + lifeS };
  // As long as the link: whoever reads a mail does not read it at once, as somebody on the phone does.
  const code = hasCode && issuer === null ? { code: mintCode(key, facts, 'mail', facts.exp) } : {};
  return { ...facts, fp: fingerprint(key, user), issuer, occasion, ...code };
}
