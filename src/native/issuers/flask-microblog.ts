import { createHmac } from 'node:crypto';
import { defineIssuer, type Verdict } from '../issuer.ts';
import { sameText } from '../../values/bytes-equal.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

const sign = (text: string, secret: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');

/** Id and end of a token with the right signature. PyJWT takes the header's names in any order. */
function readToken(token: string, secret: string): { id: string; exp: number } | undefined {
  const [, text, header, payload, signature] = /^(([\w-]+)\.([\w-]+))\.([\w-]{43})$/.exec(token) ?? [];
  if (text === undefined || !sameText(sign(text, secret), signature ?? '')) return undefined;
  if (decode(header)['alg'] !== 'HS256') return undefined;
  const { reset_password: id, exp } = decode(payload);
  if (typeof exp !== 'number' || (typeof id !== 'number' && typeof id !== 'string')) return undefined;
  return { id: String(id), exp };
}

function decode(part = ''): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The tutorial's JWT: id and end, signed with SECRET_KEY. Nothing is written, and nothing ends it early. */
export const flaskMicroblog = defineIssuer({
  name: 'flask-microblog',
  source: 'miguelgrinberg/microblog: app/models.py (get_reset_password_token), app/auth/routes.py',
  secret: 'SECRET_KEY',
  olderSecrets: null,
  columns: [],
  page: '/auth/reset_password',
  tail: '/{token}',
  lifeMs: 600_000,
  lifeSetting: null,
  replaces: false,
  outlivesUse: true,
  unknown: ['whether the tokens are the tutorial’s'],
  open: ({ secret }) =>
    Promise.resolve({
      make(person, { exp }) {
        const id = /^\d{1,15}$/.test(person.id) ? Number(person.id) : person.id;
        const text = `${HEADER}.${encode({ reset_password: id, exp })}`;
        return { token: `${text}.${sign(text, secret)}` };
      },
      whose: (_db, { token = '' }) => {
        const read = readToken(token, secret);
        return Promise.resolve(read && { id: read.id });
      },
      check: (_db, person, { token = '' }, now): Promise<Verdict> => {
        const read = readToken(token, secret);
        if (read?.id !== person.id) return Promise.resolve({ state: 'invalid' });
        const state = read.exp * 1000 <= now ? 'expired' : 'good';
        return Promise.resolve({ state, issuedAt: null, expiresAt: Math.floor(read.exp) });
      },
    }),
});
