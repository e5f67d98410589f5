import { createHash } from 'node:crypto';
import type { LinkToken } from '../../values/link-token.ts';
import { sameText } from '../../values/bytes-equal.ts';
import { defineForm, type Issuer, type Learn, type OpenIssuer, type Site } from '../issuer.ts';
import { nameOf, underSecretKey, whoseName } from '../named-user.ts';
import {
  readTimed,
  TIMED,
  timedHashOf,
  timedVerdict,
  writeTimed,
  type TimedSigning,
} from '../timed-signature.ts';

/** SECURITY_RESET_SALT as it ships. */
const SALT = 'reset-salt';

/** One of its SECURITY_HASHING_SCHEMES. The other, sha256_crypt, takes half a second for each link. */
const digestOf = (encoded: string): string | null =>
  encoded === '' ? null : createHash('md5').update(encoded).digest('hex');

type Payload = readonly [name: string, digest: string | null];

const isPayload = (value: unknown): value is Payload =>
  Array.isArray(value) &&
  value.length === 2 &&
  typeof value[0] === 'string' &&
  (value[1] === null || typeof value[1] === 'string');

const learn: Learn = ({ token = '' }, secrets, hint) => {
  const algorithm = timedHashOf(token);
  if (algorithm === undefined) return undefined;
  const salt = [hint?.salt ?? SALT, SALT].find((each) =>
    secrets.some((secret) => isPayload(readTimed(token, { secret, salt: each, algorithm })?.payload)),
  );
  if (salt === undefined) return undefined;
  const more = { ...(salt !== SALT && { salt }), ...(algorithm !== 'sha1' && { algorithm }) };
  return { tokens: ['fs_uniquifier', 'id'].map((of) => ({ form: 'flask-security', of, ...more })) };
};

function openSigned(
  { secret, lifeMs, hashes, ...site }: Site,
  of: string,
  { salt, algorithm }: Omit<TimedSigning, 'secret'>,
): OpenIssuer {
  const signing = { secret, salt, algorithm };
  const read = (token: string) => {
    const found = readTimed(token, signing);
    return found && isPayload(found.payload) ? { payload: found.payload, iat: found.iat } : undefined;
  };
  const isOf = async (encoded: string, digest: string | null): Promise<boolean> => {
    if (digest === null || encoded === '') return digest === null && encoded === '';
    return digest.startsWith('$5$')
      ? hashes.sha256crypt.check(encoded, digest)
      : sameText(digestOf(encoded) ?? '', digest);
  };
  return {
    make: (person, { iat }) => ({
      token: writeTimed([nameOf(person, of), digestOf(person.encoded)], iat, signing),
    }),
    whose: (_db, { token = '' }) => whoseName(site, of, read(token)?.payload[0]),
    async check(_db, person, { token = '' }, now) {
      const found = read(token);
      if (found?.payload[0] !== nameOf(person, of) || !(await isOf(person.encoded, found.payload[1])))
        return { state: 'invalid' };
      return timedVerdict(found.iat, lifeMs, now);
    },
  };
}

function create({
  of = 'fs_uniquifier',
  salt = SALT,
  algorithm = 'sha1',
}: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  return {
    name: 'flask-security',
    source: 'pallets-eco/flask-security: flask_security/recoverable.py, utils.py (hash_data), core.py',
    ...underSecretKey(of),
    page: '/reset',
    looks: { token: TIMED },
    lifeMs: 432_000_000,
    lifeSetting: 'SECURITY_RESET_PASSWORD_WITHIN',
    outlivesUse: false,
    unknown: ['whether SECURITY_HASHING_SCHEMES still holds hex_md5, as it does by default'],
    parameters: { of: /./, salt: /^/, algorithm: /^sha(1|256|384|512)$/ },
    usual: { of: 'fs_uniquifier', salt: SALT, algorithm: 'sha1' },
    open: (site) => Promise.resolve(openSigned(site, of, { salt, algorithm })),
  };
}

/** A signed list: what names the user, and a digest of the stored hash, so that a new password ends the link. */
export const flaskSecurity = defineForm('flask-security', learn, create);
