import { hkdfSync } from 'node:crypto';
import type { Key } from './keyring.ts';
import type { TokenFacts } from './sign.ts';

/** As much as the longest random token of an application takes. */
const SEED_BYTES = 96;

/** What an application's random token is made of: the row and our key give the same bytes again, the row alone nothing. */
export const nativeSeed = (key: Key, { jti, iat }: Pick<TokenFacts, 'jti' | 'iat'>): Buffer =>
  Buffer.from(hkdfSync('sha256', key.native, '', `${jti} ${iat}`, SEED_BYTES));
