import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';
import { djangoHmac } from '../../src/native/django-hmac.ts';
import type { Person } from '../../src/native/issuer.ts';
import { devise } from '../../src/native/issuers/devise.ts';
import { django } from '../../src/native/issuers/django.ts';
import { flaskMicroblog } from '../../src/native/issuers/flask-microblog.ts';
import { fromWallSeconds, wallSeconds } from '../../src/native/wall-clock.ts';
import { tokenHashes } from '../../src/passwords/token-hashes.ts';
import { madeAt as at, noDatabase, openIssuer as open, userSeven as susan } from '../helpers/open-issuer.ts';

const iat = at / 1000;
const grant = { iat, exp: iat + 600, seed: Buffer.alloc(96, 7) };

describe('a token of Django', () => {
  it('is the one that Django 3.2 makes for the same user and second', async () => {
    const parts = (await open(django)).make(susan, grant);
    expect(parts).toEqual({ uid: 'Nw', token: 'dig9o0-27384a11a77c3bbcdb4f25af8d337683' });
  });

  it('holds the last login to the second, as Django 3.2 does', async () => {
    const person = { ...susan, columns: { last_login: '2026-11-20 09:08:07.123456+00' } };
    const { token } = (await open(django)).make(person, grant);
    expect(token).toBe('dig9o0-9170522fe5aa51e0ce1bc459110e2137');
  });

  it('names a UUID with its dashes, however the database keeps it', async () => {
    const { uid } = (await open(django)).make({ ...susan, id: '0a'.repeat(16) }, grant);
    expect(Buffer.from(uid ?? '', 'base64url').toString()).toBe('0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a');
  });

  it('is good until PASSWORD_RESET_TIMEOUT is over, and never for another user, password or login', async () => {
    const issuer = await open(django);
    const parts = issuer.make(susan, grant);
    const check = async (person: Person, now: number) =>
      (await issuer.check(noDatabase, person, parts, now)).state;
    expect(await check(susan, at + 259_200_000)).toBe('good');
    expect(await check(susan, at + 259_201_000)).toBe('expired');
    expect(await check({ ...susan, id: '8' }, at)).toBe('invalid');
    expect(await check({ ...susan, encoded: 'another' }, at)).toBe('invalid');
    expect(await check({ ...susan, columns: { last_login: '2026-11-22 15:00:01' } }, at)).toBe('invalid');
  });

  it('counts by the clock on the wall of the site’s time zone', async () => {
    const issuer = await open(django, { timeZone: 'Asia/Seoul' });
    const parts = issuer.make(susan, grant);
    expect(parts['token']).toMatch(/^digyo0-/); // nine hours later than in UTC
    const verdict = await issuer.check(noDatabase, susan, parts, at);
    expect(verdict).toMatchObject({ state: 'good', issuedAt: iat });
  });

  it('and a session are signed alike: what Django’s signing.dumps made is proof of the secret', () => {
    const [value, signature] = ['eyJhIjoxfQ:1xVCJr', '5Bq80zv3k_d4JqRNRNjQVH7s2yjj-5-Wrj20BVKzOKU'];
    const salt = 'django.contrib.sessions.SessionStoresigner';
    expect(djangoHmac(salt, value, 'the SECRET_KEY of this site').toString('base64url')).toBe(signature);
  });
});

describe('a token of Microblog', () => {
  const made =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyZXNldF9wYXNzd29yZCI6NywiZXhwIjoxNzk1MzYwMjAwfQ.c16jf1Gz8laFfFqtmbsXSvkVS2VMYAn-znWHjSXsL3M';

  it('is the one that PyJWT 2.6 makes', async () => {
    const { token } = (await open(flaskMicroblog)).make(susan, { ...grant, exp: 1795360200 });
    expect(token).toBe(made);
  });

  it('is good until it expires, for its own user, with the right secret and HS256 alone', async () => {
    const issuer = await open(flaskMicroblog);
    const check = async (token: string, now: number, person = susan) =>
      (await issuer.check(noDatabase, person, { token }, now)).state;
    expect(await check(made, 1795360199_000)).toBe('good');
    expect(await check(made, 1795360200_000)).toBe('expired');
    expect(await check(made, at, { ...susan, id: '8' })).toBe('invalid');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${made.split('.')[1]}.`;
    expect(await check(none, at)).toBe('invalid');
    const other = await open(flaskMicroblog, { secret: 'another' });
    expect((await other.check(noDatabase, susan, { token: made }, at)).state).toBe('invalid');
  });
});

describe('a token of Devise', () => {
  it.each([
    { digest: 'sha1', hex: '8a11993119f733bb8d71c6d66c30ea9cd6633138d0bbe1c71cd5f2e30e9bef6a' },
    { digest: 'sha256', hex: '2b47e1a5b098ae08a6161721edc4f7963f6615356cc0fe178299662a019c202d' },
  ] as const)('is kept as the digest that Devise 4.8 makes (keys by $digest)', async ({ digest, hex }) => {
    const issuer = await open(devise, { secret: 'the secret_key_base of this site', digest });
    const columns = { reset_password_token: hex, reset_password_sent_at: '2026-11-22 15:00:00.123456' };
    const verdict = await issuer.check(
      noDatabase,
      { ...susan, columns },
      { token: 'abcDEF123_-ghijkmnop' },
      at,
    );
    expect(verdict).toEqual({ state: 'good', issuedAt: iat, expiresAt: iat + 21_600 });
  });

  it('has twenty characters, and none that people confuse', async () => {
    const issuer = await open(devise);
    for (let byte = 0; byte < 256; byte += 1) {
      const { token } = issuer.make(susan, { ...grant, seed: Buffer.alloc(96, byte) });
      expect(token).toMatch(/^[A-HJ-NP-Za-km-z1-9_-]{20}$/);
    }
  });
});

describe('hashes of random tokens', () => {
  it('the keyed BLAKE2b of WordPress 6.8 is libsodium’s', () => {
    const key = Buffer.from('wp_fast_hash_6.8+');
    const fast = blake2b(Buffer.from('abcdefghij0123456789'), { key, dkLen: 30 });
    expect(Buffer.from(fast).toString('base64url')).toBe('WYcRtPA0V--aYofWnjGq2WaslhE2LbeMEUhgLKXJ');
  });

  it('the phpass of WordPress 6.1 and the bcrypt of PHP 8.2 are read, and what is written has their shape', async () => {
    const { phpass, bcrypt } = tokenHashes;
    expect(await phpass.check('abcdefghij0123456789', '$P$Ba/BkVdCdMtCo6riMDqMG.EyN1g6Lq1')).toBe(true);
    expect(await phpass.check('abcdefghij0123456788', '$P$Ba/BkVdCdMtCo6riMDqMG.EyN1g6Lq1')).toBe(false);
    expect(await phpass.check('anything', 'no hash')).toBe(false);
    const token = 'ab'.repeat(32);
    const php = '$2y$10$BiP6vbuG6kpZzS.C1Uw27uBTJKjICCEcFtwNtLct3Bop3oJzJJWcu';
    expect(await bcrypt.check(token, php)).toBe(true);
    expect(await bcrypt.check(token, 'no hash')).toBe(false);
    expect(await bcrypt.hash(token)).toMatch(/^\$2y\$04\$/);
    expect(await phpass.hash(token)).toMatch(/^\$P\$5[./0-9A-Za-z]{30}$/);
  });
});

describe('the clock on the wall', () => {
  it('knows summer time and half hours', () => {
    expect(wallSeconds(at, 'UTC')).toBe(iat);
    expect(wallSeconds(at, 'Asia/Kolkata')).toBe(iat + 19_800);
    expect(wallSeconds(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(Date.UTC(2026, 6, 1, 2) / 1000);
    expect(wallSeconds(Date.UTC(2026, 0, 1), 'Europe/Berlin')).toBe(Date.UTC(2026, 0, 1, 1) / 1000);
  });

  it.each(['UTC', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York'])('is read back in %s', (zone) => {
    // Every hour of the weeks in which clocks change; of the hour that comes twice, either is right.
    const hours = [
      Date.UTC(2026, 9, 24),
      Date.UTC(2026, 9, 31),
      Date.UTC(2027, 2, 13),
      Date.UTC(2027, 2, 27),
    ].flatMap((day) => Array.from({ length: 72 }, (_, hour) => day / 1000 + hour * 3600));
    const wrong = hours.filter((seconds) => {
      const wall = wallSeconds(seconds * 1000, zone);
      return wallSeconds(fromWallSeconds(wall, zone) * 1000, zone) !== wall;
    });
    expect(wrong).toEqual([]);
  });
});
