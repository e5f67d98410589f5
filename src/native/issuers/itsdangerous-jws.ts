import type { LinkToken } from '../../values/link-token.ts';
import { decodeJson, encodeJson } from '../base64url-json.ts';
import { defineForm, type Issuer, type Learn, type OpenIssuer, type Site } from '../issuer.ts';
import { knownByName, underSecretKey, WORKS_ONCE } from '../named-user.ts';
import { isObject, readPayload, shapesOf, writePayload, type PayloadShape } from '../payload.ts';
import { hmacText, JWS_HASHES, saltedKey, unsign } from '../signed-token.ts';

interface Read {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
}

function decode(token: string): Read | undefined {
  if (!TOKEN.test(token)) return undefined;
  const [header = '', payload = ''] = token.split('.');
  const read = decodeJson(header);
  return isObject(read) ? { header: read, payload: decodeJson(payload) } : undefined;
}

const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]{43,86}$/;

/** With a salt the key is derived as for every serializer; without one it is the secret itself. */
const keyOf = (secret: string, salt: string): string | Buffer =>
  salt === '' ? secret : saltedKey('sha1', salt, secret);

/** Its times stand in the header, where those of a JWT never stand. */
const learn: Learn = ({ token = '' }, secrets, hint) => {
  const read = decode(token);
  if (!read || typeof read.header['exp'] !== 'number') return undefined;
  const algorithm = String(read.header['alg']);
  const hash = JWS_HASHES[algorithm];
  if (hash === undefined) return undefined;
  // An empty salt is none.
  const salt = ['', hint?.salt ?? ''].find((each) =>
    secrets.some((secret) => unsign(token, hash, keyOf(secret, each)) !== undefined),
  );
  if (salt === undefined) {
    return {
      refused: `It is a TimedJSONWebSignatureSerializer's token (${algorithm}), and the secret is not the one that it is signed with.`,
      reason: 'wrong_secret',
    };
  }
  const more = { algorithm, ...(salt !== '' && { salt }) };
  return {
    tokens: shapesOf(read.payload, []).map((shape) => ({ form: 'itsdangerous-jws', ...shape, ...more })),
  };
};

function openJws(
  { secret, ...site }: Site,
  shape: PayloadShape,
  { salt, algorithm }: { readonly salt: string; readonly algorithm: string },
): OpenIssuer {
  const key = keyOf(secret, salt);
  const hash = JWS_HASHES[algorithm] ?? 'sha512';
  const read = (token: string) => {
    const decoded = unsign(token, hash, key) === undefined ? undefined : decode(token);
    const { alg, exp, iat } = decoded?.header ?? {};
    const name = decoded && readPayload(decoded.payload, shape);
    return name === undefined || typeof exp !== 'number' || alg !== algorithm
      ? undefined
      : { name, exp, iat };
  };
  return {
    make(person, { iat, exp }) {
      const text = `${encodeJson({ alg: algorithm, iat, exp })}.${encodeJson(writePayload(person, shape))}`;
      return { token: `${text}.${hmacText(hash, key, text)}` };
    },
    ...knownByName(site, shape.of, read, ({ exp, iat }, now) => ({
      state: exp < Math.floor(now / 1000) ? 'expired' : 'good',
      issuedAt: typeof iat === 'number' ? iat : null,
      expiresAt: Math.floor(exp),
    })),
  };
}

function create(token: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  const { claim = 'user_id', of = 'id', text = false, also = {} } = token;
  const { salt = '', algorithm = 'HS512' } = token;
  return {
    name: 'itsdangerous-jws',
    source: 'pallets/itsdangerous 1.1.0: src/itsdangerous/jws.py (TimedJSONWebSignatureSerializer)',
    ...underSecretKey(of),
    page: '/reset_password',
    looks: { token: TOKEN },
    lifeMs: 1_800_000,
    lifeSetting: null,
    unknown: [WORKS_ONCE],
    parameters: { claim: /^/, of: /./, text: /./, also: /./, salt: /^/, algorithm: /^HS(256|384|512)$/ },
    usual: { claim: 'user_id', of: 'id', text: false, also: {}, salt: '', algorithm: 'HS512' },
    open: (site) => Promise.resolve(openJws(site, { claim, of, text, also }, { salt, algorithm })),
  };
}

/** What itsdangerous had before 2.1: a JWS whose times stand in its header. */
export const itsdangerousJws = defineForm('itsdangerous-jws', learn, create);
