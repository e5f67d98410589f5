import { createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/values/secret.ts';
import { isResetError } from '../../src/errors.ts';
import { fingerprint } from '../../src/tokens/fingerprint.ts';
import { createKeyring } from '../../src/tokens/keyring.ts';
import { signToken, type TokenFacts } from '../../src/tokens/sign.ts';
import { createTokenId } from '../../src/tokens/token-store.ts';
import { verifyToken } from '../../src/tokens/verify.ts';

const now = Date.UTC(2026, 10, 22, 12);
const nowS = now / 1000;
const secret = randomBytes(32);
const keyring = createKeyring([new Secret(secret)]);
const facts = (changes: Partial<TokenFacts> = {}): TokenFacts => ({
  jti: createTokenId(),
  kid: keyring.current.kid,
  userId: '1',
  iat: nowS,
  exp: nowS + 3600,
  fp: randomBytes(16).toString('base64url'),
  ...changes,
});
const good = signToken(keyring, facts());

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** Signs whatever it is given with the right key: the strictness must be ours, not the signature's. */
function forge(header: unknown, payload: unknown, key: Buffer = secret, digest = 'sha256'): string {
  const content = `${base64(header)}.${base64(payload)}`;
  return `${content}.${createHmac(digest, key).update(content).digest('base64url')}`;
}
const header = { alg: 'HS256', typ: 'pwreset+jwt', kid: keyring.current.kid };
const payload = jwt.decode(good) as Record<string, unknown>;
const codeOf = (token: string, at = now): string => {
  try {
    verifyToken(keyring, token, { now: at });
    return 'good';
  } catch (error) {
    if (!isResetError(error)) throw error;
    return error.code;
  }
};

it('accepts what it signed, and what is signed the same way by hand', () => {
  expect(verifyToken(keyring, good, { now })).toMatchObject({ sub: '1', exp: nowS + 3600 });
  expect(codeOf(forge(header, payload))).toBe('good');
});

it('R03: holds exactly the known header and claims, and neither e-mail nor hash', () => {
  for (let count = 0; count < 1000; count += 1) {
    const { header: seen, payload: claims } =
      jwt.decode(signToken(keyring, facts()), { complete: true }) ?? {};
    expect(Object.keys(seen ?? {}).sort()).toEqual(['alg', 'kid', 'typ']);
    expect(Object.keys(claims ?? {}).sort()).toEqual(['aud', 'exp', 'fp', 'iat', 'iss', 'jti', 'sub']);
    expect(JSON.stringify(claims)).not.toContain('@');
  }
});

it('R04: token ids are 128 random bits, no UUIDs, and never repeat', () => {
  const ids = Array.from({ length: 100_000 }, createTokenId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => Buffer.from(id, 'base64url').length === 16)).toBe(true);
  expect(ids.some((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id))).toBe(false);
});

it('makes the same token from the same row, byte for byte', () => {
  const row = facts();
  expect(signToken(keyring, row)).toBe(signToken(keyring, row));
});

it('reads the longer tokens of older releases, and makes them again from their rows', () => {
  const { olderKid } = keyring.current;
  const [jti, fp] = [createTokenId(), randomBytes(32).toString('base64url')];
  const older = forge(
    { alg: 'HS256', typ: 'pwreset+jwt', kid: olderKid },
    { iss: 'resetctl', aud: 'password-reset', sub: '1', jti, iat: nowS, nbf: nowS, exp: nowS + 3600, fp },
  );
  expect(older).toHaveLength(366);
  expect(verifyToken(keyring, older, { now })).toMatchObject({ sub: '1', jti, fp, nbf: nowS });
  expect(signToken(keyring, facts({ jti, fp, kid: olderKid }))).toBe(older);
});

it.each([
  ['1', 304],
  ['12345', 309],
  ['2147483647', 316],
  ['2f1c0a9e-7d4b-4c1e-9a53-0f6b8e2d7c11', 351],
])('is no longer than its claims need: for the id %s', (userId, length) => {
  const fp = fingerprint(keyring.current, { id: userId, encoded: 'x', email: 'a@b.test' });
  const token = signToken(keyring, facts({ userId, fp }));
  expect(token).toHaveLength(length);
  expect(verifyToken(keyring, token, { now }).sub).toBe(userId);
});

describe('R09: the algorithm is HS256, whatever the header says', () => {
  it.each(['none', 'None', 'NONE', 'nOnE', 'hs256', 'HS384', 'HS512', 'RS256'])('refuses %s', (alg) => {
    const digest = alg === 'HS384' ? 'sha384' : alg === 'HS512' ? 'sha512' : 'sha256';
    expect(codeOf(forge({ ...header, alg }, payload, secret, digest))).toBe('token_invalid');
    expect(codeOf(`${base64({ ...header, alg })}.${base64(payload)}.`)).toBe('token_invalid');
  });

  it('refuses a public key used as the secret', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
    expect(codeOf(forge({ ...header, alg: 'HS256' }, payload, pem))).toBe('token_invalid');
  });

  it('calls jwt.verify in one place, and never decodes before it verifies', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(`src/${name}`, 'utf8'));
    expect(sources.join('\n').match(/jwt\.verify\(/g)).toHaveLength(1);
    expect(sources.join('\n')).not.toMatch(/jwt\.decode\(/);
  });
});

describe('R10: the type is pwreset+jwt', () => {
  it.each(['JWT', 'at+jwt', 'pwreset', '', 7, null, undefined])('refuses %s', (typ) => {
    expect(codeOf(forge({ ...header, typ }, payload))).toBe('token_invalid');
  });

  it('compares it without case, and knows the application/ prefix', () => {
    expect(codeOf(forge({ ...header, typ: 'PWReset+JWT' }, payload))).toBe('good');
    expect(codeOf(forge({ ...header, typ: 'application/pwreset+jwt' }, payload))).toBe('good');
  });
});

describe('R11: issuer and audience are one text each', () => {
  it.each([
    ['no issuer', { iss: undefined }],
    ['another issuer', { iss: 'somebody' }],
    ['a list of issuers', { iss: ['resetctl'] }],
    ['no audience', { aud: undefined }],
    ['a list of audiences', { aud: ['x', 'password-reset'] }],
    ['another audience', { aud: 'session' }],
  ])('refuses %s', (_name, change) => {
    expect(codeOf(forge(header, { ...payload, ...change }))).toBe('token_invalid');
  });
});

it('R12: refuses a session token of the host application under the same key', () => {
  const session = jwt.sign({ sub: '1' }, secret, { expiresIn: '1h' });
  expect(codeOf(session)).toBe('token_invalid');
});

describe('R13: every claim is there, and of its type', () => {
  it.each([
    ['no exp', { exp: undefined }],
    ['exp beyond all numbers', { exp: 1e300 }],
    ['a text as exp', { exp: String(nowS + 3600) }],
    ['no iat', { iat: undefined }],
    ['a text as nbf', { nbf: String(nowS) }],
    ['nothing as nbf', { nbf: null }],
    ['nbf in the far future', { nbf: nowS + 9999 }],
    ['iat as a fraction', { iat: nowS + 0.5 }],
    ['iat in the far future', { iat: nowS + 9999, exp: nowS + 12_000 }],
    ['a life of more than seven days', { exp: nowS + 7 * 86_400 + 1 }],
    ['a life of nothing', { exp: nowS }],
    ['an object as sub', { sub: { a: 1 } }],
    ['a number as sub', { sub: 1 }],
    ['no sub', { sub: undefined }],
    ['no jti', { jti: undefined }],
    ['a number as jti', { jti: 4 }],
    ['no fp', { fp: undefined }],
  ])('refuses %s', (_name, change) => {
    expect(codeOf(forge(header, { ...payload, ...change }))).toBe('token_invalid');
  });

  it.each([
    ['a text', '"hello"'],
    ['a list', '[1]'],
    ['null', 'null'],
    ['a number', '7'],
    ['no JSON', '{'],
  ])('refuses a payload that is %s', (_name, text) => {
    expect(codeOf(forge(header, text))).toBe('token_invalid');
  });
});

describe('R14: times are compared as numbers', () => {
  const token = signToken(keyring, facts());
  it.each([
    ['at exp', 3600, 'token_expired'],
    ['a second before exp', 3599, 'good'],
    ['a second before it was issued, by a clock that is behind', -1, 'good'],
    ['a minute before it was issued, by a clock that is behind', -60, 'good'],
    ['longer before it was issued', -61, 'token_invalid'],
    ['27 hours after exp', 3600 + 27 * 3600, 'token_expired'],
  ])('%s', (_name, seconds, expected) => {
    expect(codeOf(token, now + seconds * 1000)).toBe(expected);
  });

  it('takes a leeway of whole seconds up to 300 and nothing else', () => {
    const at = now + 3610 * 1000;
    expect(verifyToken(keyring, token, { now: at, leewayS: 30 }).sub).toBe('1');
    for (const leewayS of ['60', '0', Number.NaN, -5, 301, 1.5] as number[]) {
      expect(() => verifyToken(keyring, token, { now: at, leewayS })).toThrow(/leeway/);
    }
  });
});

it.each(['crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'zip', 'cty'])('R15: refuses the header %s', (name) => {
  const value = name === 'crit' ? ['b64'] : name === 'b64' ? false : 'x';
  expect(codeOf(forge({ ...header, [name]: value }, payload))).toBe('token_invalid');
});

describe('R16: the key is found by its id in memory, or not at all', () => {
  it.each([
    '../../dev/null',
    "x' UNION SELECT 'a",
    '__proto__',
    'constructor',
    'k'.repeat(900),
    '',
    5,
    null,
    undefined,
  ])('refuses the key id %s', (kid) => {
    for (const key of [Buffer.alloc(0), Buffer.alloc(32), secret]) {
      expect(codeOf(forge({ ...header, kid }, payload, key))).toBe('token_invalid');
    }
  });
});

describe('R17: keys rotate', () => {
  const [first, second] = [new Secret(secret), new Secret(randomBytes(32))];

  it('signs with the first, verifies with all, and forgets a key that is taken out', () => {
    const rotated = createKeyring([second, first]);
    expect(verifyToken(rotated, good, { now }).sub).toBe('1');
    expect(signToken(rotated, facts({ kid: rotated.current.kid }))).not.toBe(good);
    expect(() => verifyToken(createKeyring([second]), good, { now })).toThrow(/not a reset link/);
  });

  it('refuses two keys of one id, for a token would not say which of them signed it', () => {
    const seen = new Map<string, Secret<Buffer>>();
    for (;;) {
      const one = new Secret(randomBytes(32));
      const { kid } = createKeyring([one]).current;
      const other = seen.get(kid);
      seen.set(kid, one);
      if (!other) continue;
      expect(() => createKeyring([one, other])).toThrow(`have the same id (${kid})`);
      return;
    }
  });

  it('refuses no key at all', () => {
    expect(() => createKeyring([])).toThrow(/keygen/);
  });
});

describe('R18: strict compact form', () => {
  const [head = '', body = '', signature = ''] = good.split('.');
  it.each([
    ['empty', ''],
    ['a dot', '.'],
    ['two parts', `${head}.${body}`],
    ['four parts', `${good}.x`],
    ['a trailing =', `${good}=`],
    ['a leading space', ` ${good}`],
    ['a line break at its end', `${good}\n`],
    ['a line break inside', `${head}.${body}\n.${signature}`],
    ['a space in the payload', `${head}.${body.slice(0, 9)} ${body.slice(9)}.${signature}`],
    ['plain base64', good.replaceAll('_', '/').replaceAll('-', '+')],
    ['no signature', `${head}.${body}.`],
    ['a truncated signature', good.slice(0, -1)],
    ['the JSON serialisation', JSON.stringify({ protected: head, payload: body, signature })],
    ['2 MB', forge(header, { ...payload, fp: 'f'.repeat(2_000_000) })],
    ['2,049 characters', good.padEnd(2049, 'A')],
    ['two headers', `${good},${good}`],
  ])('refuses %s', (_name, token) => {
    if (token === good) return; // base64 without special characters stays as it is
    expect(codeOf(token)).toBe('token_invalid');
  });
});

it('R19: other spellings of one signature are not other tokens', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const accepted = [...alphabet].filter((last) => codeOf(good.slice(0, -1) + last) === 'good');
  for (const last of accepted) {
    expect(verifyToken(keyring, good.slice(0, -1) + last, { now }).jti).toBe(payload['jti']);
  }
  expect(accepted).toHaveLength(1);
});

it('R20: every token that is not ours is refused in the same words', () => {
  const bad = [
    'x',
    good.slice(1),
    forge({ ...header, kid: 'other' }, payload),
    forge(header, payload, randomBytes(32)),
    forge({ ...header, typ: 'JWT' }, payload),
    forge(header, { ...payload, sub: 3 }),
    forge(header, 'null'),
  ];
  const answers = bad.map((token) => {
    try {
      verifyToken(keyring, token, { now });
      return 'good';
    } catch (error) {
      return isResetError(error) ? `${error.code} ${error.message}` : String(error);
    }
  });
  expect(new Set(answers).size).toBe(1);
});

it('signs with a KeyObject made of the decoded bytes', () => {
  expect(
    jwt.verify(good, createSecretKey(secret), { algorithms: ['HS256'], clockTimestamp: nowS }),
  ).toMatchObject({ sub: '1' });
});
