import { createSecretKey, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { Secret } from '../../dist/values/secret.js';
import { createKeyring } from '../../dist/tokens/keyring.js';
import { signToken } from '../../dist/tokens/sign.js';
import { createTokenId } from '../../dist/tokens/token-store.js';
import { verifyToken } from '../../dist/tokens/verify.js';
import { rate } from './measure.js';

export const title = 'issue and verify a token, as a share of bare jsonwebtoken with a KeyObject';
export const limit = { least: 0.5 };

export function measure() {
  const bytes = randomBytes(32);
  const keyring = createKeyring([new Secret(bytes)]);
  const now = Date.now();
  const iat = Math.floor(now / 1000);
  const row = {
    jti: createTokenId(),
    requestId: 'r',
    userId: '1',
    kid: keyring.current.kid,
    iat,
    exp: iat + 3600,
    fp: randomBytes(32).toString('base64url'),
  };
  const ours = () => verifyToken(keyring, signToken(keyring, row), { now });

  const key = createSecretKey(bytes);
  const claims = { iss: 'a', aud: 'b', sub: '1', jti: row.jti, iat, nbf: iat, exp: row.exp, fp: row.fp };
  const header = { alg: 'HS256', typ: 'pwreset+jwt', kid: row.kid };
  const bare = () =>
    jwt.verify(jwt.sign(claims, key, { header }), key, { algorithms: ['HS256'], issuer: 'a', audience: 'b' });
  return rate(ours, 10_000) / rate(bare, 10_000);
}
