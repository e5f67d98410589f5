import type { LinkToken } from '../values/link-token.ts';
import { decodeJson, encodeJson } from './base64url-json.ts';
import { defineForm, type Issuer, type Lesson, type OpenIssuer, type Site, type Verdict } from './issuer.ts';
import { knownByName, underSecretKey } from './named-user.ts';
import { isObject, readPayload, shapesOf, writePayload, type PayloadShape } from './payload.ts';
import { hmacText, JWS_HASHES, NEVER, unsign } from './signed-token.ts';

/** What a file of `issuers/` says of its own JWT. */
type Own = Pick<Issuer, 'name' | 'source' | 'page' | 'unknown'>;

const TIMES = ['exp', 'iat', 'nbf'] as const;

/** Claims of a token with the right signature and algorithm. PyJWT takes the header's names in any order. */
function readClaims(
  token: string,
  secret: string,
  algorithm: string,
): Readonly<Record<string, unknown>> | undefined {
  const hash = JWS_HASHES[algorithm];
  const text =
    hash === undefined || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? undefined : unsign(token, hash, secret);
  const [header = '', payload = ''] = text?.split('.') ?? [];
  const read = decodeJson(header);
  if (!isObject(read) || read['alg'] !== algorithm) return undefined;
  const claims = decodeJson(payload);
  return isObject(claims) ? claims : undefined;
}

const secondsOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

function verdictOf(claims: Readonly<Record<string, unknown>>, now: number, hasEnd: boolean): Verdict {
  const exp = secondsOf(claims['exp']);
  if ((hasEnd && exp === undefined) || (secondsOf(claims['nbf']) ?? 0) * 1000 > now)
    return { state: 'invalid' };
  const iat = secondsOf(claims['iat']);
  return {
    state: (exp ?? NEVER) * 1000 <= now ? 'expired' : 'good',
    issuedAt: iat === undefined ? null : Math.floor(iat),
    expiresAt: Math.floor(exp ?? NEVER),
  };
}

/** Which token of ours this one is like: every claim of it may name the user. */
function learn({ token = '' }: Readonly<Record<string, string>>, secrets: readonly string[]): Lesson {
  const parts = token.split('.');
  const [header, payload] = parts.map(decodeJson);
  if (parts.length !== 3 || !isObject(header) || !isObject(payload) || 'exp' in header) return undefined;
  const algorithm = String(header['alg']);
  if (JWS_HASHES[algorithm] === undefined)
    return {
      refused: `It is a JWT signed with ${algorithm}, which takes more than a secret.`,
      reason: 'unknown_form',
    };
  if (!secrets.some((secret) => readClaims(token, secret, algorithm)))
    return {
      refused: `It is a JWT (${algorithm}), and the secret is not the one that it is signed with.`,
      reason: 'wrong_secret',
    };
  const times = TIMES.filter((name) => typeof payload[name] === 'number');
  const marks = Object.keys(payload).includes('jti') ? ['jti'] : [];
  if (marks.length > 0)
    return {
      refused: 'It is a JWT with a jti, which the application keeps a record of.',
      reason: 'unknown_form',
    };
  return { tokens: shapesOf(payload, TIMES).map((shape) => ({ form: 'jwt', ...shape, algorithm, times })) };
}

interface JwtShape extends PayloadShape {
  readonly algorithm: string;
  readonly times: NonNullable<LinkToken['times']>;
}

function openJwt(site: Site, shape: JwtShape): OpenIssuer {
  const { algorithm, times, also, of } = shape;
  const header = encodeJson({ alg: algorithm, typ: 'JWT' });
  const hash = JWS_HASHES[algorithm] ?? 'sha256';
  const read = (token: string) => {
    const claims = readClaims(token, site.secret, algorithm) ?? {};
    const name = readPayload(claims, shape);
    return name === undefined ? undefined : { name, claims };
  };
  return {
    make(person, { iat, exp }) {
      const instants = { exp, iat, nbf: iat };
      const body = writePayload(person, { ...shape, also: {} });
      const claims = Object.fromEntries(times.map((name) => [name, instants[name]]));
      const text = `${header}.${encodeJson({ ...(isObject(body) ? body : {}), ...claims, ...also })}`;
      return { token: `${text}.${hmacText(hash, site.secret, text)}` };
    },
    ...knownByName(site, of, read, ({ claims }, now) => verdictOf(claims, now, times.includes('exp'))),
  };
}

/** A JWT that names the user, signed with the application's secret. Nothing is written, and nothing ends it early. */
export const jsonWebToken = (own: Own): Issuer => defineForm(own.name, learn, (token) => create(own, token));

function create(own: Own, token: LinkToken): Omit<Issuer, 'shape' | 'learn'> {
  const { claim = 'reset_password', of = 'id', text = false, also = {} } = token;
  const { algorithm = 'HS256', times = ['exp'] } = token;
  const hasEnd = times.includes('exp');
  return {
    ...own,
    ...underSecretKey(of),
    looks: { token: /^eyJ[\w-]+\.[\w-]+\.[\w-]{40,}$/ },
    lifeMs: 600_000,
    lifeSetting: null,
    unknown: hasEnd ? own.unknown : [...own.unknown, 'when a link ends: its token says nothing of it'],
    parameters: { claim: /./, of: /./, text: /./, times: /./, also: /./, algorithm: /^HS(256|384|512)$/ },
    usual: { claim: 'reset_password', of: 'id', text: false, also: {}, algorithm: 'HS256', times: ['exp'] },
    open: (site) => Promise.resolve(openJwt(site, { claim, of, text, also, algorithm, times })),
  };
}
