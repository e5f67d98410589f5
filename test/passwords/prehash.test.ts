import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/passwords/hash.ts';
import type { Prehash } from '../../src/passwords/prehash.ts';

const password = 'blue sky over Berlin';
const flask: Prehash = { kind: 'hmac-sha512-base64', key: '146585145368132386173505678016728509634' };

/** Made by the applications' own libraries. */
const KNOWN: readonly (readonly [madeBy: string, prehash: Prehash, encoded: string])[] = [
  [
    'PHP 8.2, password_hash(md5(…)), as Matomo calls it',
    { kind: 'md5' },
    '$2y$10$1Em3zKhQvNkGKVyrAIzEG.Bkq8Kklg0StuteMDsk1ZiSGUoQcyRQC',
  ],
  [
    "Python's bcrypt 3.2.2 over SHA-512 in hexadecimal, as NodeBB does it",
    { kind: 'sha512-hex' },
    '$2b$10$vQiyPr0yM50lvE040DMsW.FovSRBTqHh4a.IgnzYtIQXTvBcpBRfG',
  ],
  [
    'PHP 8.2, password_hash over SHA-512 in base64',
    { kind: 'sha512-base64' },
    '$2y$10$CIfEY3sVy2Bwr1lB5jSRCOF9YdDNlcSzcOqaTKIlNgAEI8kvNf66G',
  ],
  ['Flask-Security 5.1.2 with bcrypt', flask, '$2b$12$nWhuJtUQFHij2KStY2N.IukLuGN21psFQjIHSTDahymJT2LZrIxh6'],
  [
    'Flask-Security 5.1.2 with argon2',
    flask,
    '$argon2id$v=19$m=102400,t=10,p=8$UIoxxpiTklJK6Z2TkpLSGg$TC8wU79PRPghOFRgGPRVGQ',
  ],
  [
    'Flask-Security 5.1.2 with pbkdf2_sha512',
    flask,
    '$pbkdf2-sha512$25000$DYGwdk4ppTQm5Pyf854zJg$767Wu.YTYYCXHlvqqP7WATcvASwMtLV2/eMUX1AT4t8nIiHTNIEf03hAc4MJ/DAKfHOVTOwg5PjidRdUL.JVtg',
  ],
];

describe.each(KNOWN)('a hash by %s', (_madeBy, prehash, encoded) => {
  it('accepts its password with the prehash, and no other', async () => {
    expect(await verifyPassword(password, encoded, { prehash })).toBe(true);
    expect(await verifyPassword(`${password}!`, encoded, { prehash })).toBe(false);
  });
});

const cheap = { format: 'bcrypt', parameters: { cost: 10 } };

describe('a new hash with a prehash', () => {
  it.each(KNOWN.slice(0, 4))('is read back: as by %s', async (_madeBy, prehash) => {
    const encoded = await hashPassword(password, { ...cheap, prehash });
    expect(await verifyPassword(password, encoded, { prehash })).toBe(true);
    expect(await verifyPassword('blue sky over Bern', encoded, { prehash })).toBe(false);
  });

  it('keeps more than 72 bytes apart in bcrypt, which would refuse them without it', async () => {
    const long = 'a'.repeat(100);
    await expect(hashPassword(long, cheap)).rejects.toMatchObject({
      code: 'password_rejected',
    });
    const encoded = await hashPassword(long, { ...cheap, prehash: flask });
    expect(await verifyPassword(long, encoded, { prehash: flask })).toBe(true);
    expect(await verifyPassword(`${'a'.repeat(99)}b`, encoded, { prehash: flask })).toBe(false);
  });

  it('differs from the one without the prehash', async () => {
    const encoded = await hashPassword(password, { ...cheap, prehash: { kind: 'md5' } });
    expect(await verifyPassword(password, encoded)).toBe(false);
  });

  it('depends on the key of an HMAC', async () => {
    const encoded = await hashPassword(password, { ...cheap, prehash: flask });
    const other = { ...flask, key: 'another key' };
    expect(await verifyPassword(password, encoded, { prehash: other })).toBe(false);
  });
});
