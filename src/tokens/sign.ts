import jwt from 'jsonwebtoken';
import { ResetError } from '../errors.ts';
import { AUDIENCE, ISSUER, TOKEN_TYPE } from './claims.ts';
import type { Keyring } from './keyring.ts';

/** The parts of a token's row that go into the token. `iat` and `exp` in seconds. */
export interface TokenFacts {
  readonly jti: string;
  readonly kid: string;
  readonly userId: string;
  readonly iat: number;
  readonly exp: number;
  readonly fp: string;
}

/** The same row and secret give the same token, byte for byte. Throws token_revoked when its key is gone. */
export function signToken(keyring: Keyring, facts: TokenFacts): string {
  const key = keyring.all.get(facts.kid);
  if (!key) throw new ResetError('token_revoked', 'The key that signed this token is no longer configured.');
  const { userId, jti, iat, exp, fp } = facts;
  // The row of an older release signs as it did there, so that a resend carries the link that is out already.
  const start = facts.kid === key.kid ? { iat } : { iat, nbf: iat };
  const payload = { iss: ISSUER, aud: AUDIENCE, sub: userId, jti, ...start, exp, fp };
  return jwt.sign(payload, key.signing, {
    algorithm: 'HS256',
    header: { alg: 'HS256', typ: TOKEN_TYPE, kid: facts.kid },
  });
}
