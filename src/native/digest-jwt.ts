import { sameText } from '../values/bytes-equal.ts';
import { decodeJson, encodeJson } from './base64url-json.ts';
import type { Issuer, Lesson, OpenIssuer, Parts, Person, Site, Verdict, Whose } from './issuer.ts';
import { isObject } from './payload.ts';
import { hmacText, unsign } from './signed-token.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A JWT (HS256) with a digest of the stored hash, so that a new password ends it. */
export interface DigestJwt extends Pick<
  Issuer,
  'name' | 'source' | 'secret' | 'columns' | 'page' | 'tail' | 'lifeMs' | 'unknown'
> {
  /** what stands before `iat` and `exp` */
  readonly claims: (person: Person) => Claims;
  /** what stands after them */
  readonly last?: Claims;
  /** further parts of the link, and what they look like */
  readonly looks?: Issuer['looks'];
  readonly parts?: (person: Person) => Parts;
  /** the user that claims name; undefined: they are of another token */
  readonly whose: (claims: Claims) => Whose;
}

const HEADER = encodeJson({ alg: 'HS256', typ: 'JWT' });
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]{43}$/;

/** The claims of a token with the right signature. */
function readClaims(token: string, secret: string): Claims | undefined {
  const text = TOKEN.test(token) ? unsign(token, 'sha256', secret) : undefined;
  const [header, claims] = (text ?? '').split('.').map(decodeJson);
  return isObject(header) && header['alg'] === 'HS256' && isObject(claims) ? claims : undefined;
}

function openSigned({ secret }: Site, { claims, last = {}, parts, whose }: DigestJwt): OpenIssuer {
  const isOf = (read: Claims, person: Person): boolean =>
    Object.entries({ ...claims(person), ...last }).every(([name, value]) =>
      sameText(JSON.stringify([read[name]]), JSON.stringify([value])),
    );
  return {
    make(person, { iat, exp }) {
      const text = `${HEADER}.${encodeJson({ ...claims(person), iat, exp, ...last })}`;
      return { token: `${text}.${hmacText('sha256', secret, text)}`, ...parts?.(person) };
    },
    whose(_db, { token = '' }) {
      const read = readClaims(token, secret);
      return Promise.resolve(read && whose(read));
    },
    check(_db, person, { token = '' }, now): Promise<Verdict> {
      const read = readClaims(token, secret);
      const { iat, exp } = read ?? {};
      if (!read || typeof exp !== 'number' || !isOf(read, person))
        return Promise.resolve({ state: 'invalid' });
      const issuedAt = typeof iat === 'number' ? iat : null;
      return Promise.resolve({ state: exp * 1000 <= now ? 'expired' : 'good', issuedAt, expiresAt: exp });
    },
  };
}

/** Whether a token is one of these can be read from it; the secret cannot. */
function learn(own: DigestJwt, token: string, secrets: readonly string[]): Lesson {
  const read = TOKEN.test(token) ? decodeJson(token.split('.')[1] ?? '') : undefined;
  if (!isObject(read) || !own.whose(read)) return undefined;
  if (secrets.some((secret) => readClaims(token, secret))) return { tokens: [{ form: own.name }] };
  return {
    refused: `It is a link of ${own.name}, and the secret is not the ${own.secret ?? ''} that it is signed with.`,
    reason: 'wrong_secret',
  };
}

/** An issuer of such tokens. Nothing is written. */
export const digestJwt = (own: DigestJwt): Issuer => ({
  name: own.name,
  source: own.source,
  secret: own.secret,
  olderSecrets: null,
  columns: own.columns,
  page: own.page,
  tail: own.tail,
  looks: { token: TOKEN, ...own.looks },
  lifeMs: own.lifeMs,
  lifeSetting: null,
  replaces: false,
  outlivesUse: false,
  unknown: own.unknown,
  learn: ({ token = '' }, secrets) => learn(own, token, secrets),
  open: (site) => Promise.resolve(openSigned(site, own)),
});
