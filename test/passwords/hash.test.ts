import { describe, expect, it } from 'vitest';
import { hashPassword, identifyFormat, verifyPassword } from '../../src/passwords/hash.ts';

const password = 'correct horse battery staple';
const cheap = { format: 'bcrypt', parameters: { cost: 10 } };

describe('R31: bcrypt neither cuts a password nor accepts a longer one', () => {
  it.concurrent.each([
    ['a short one', 'kzvqjxwpfmhdybt'],
    ['71 bytes', 'k'.repeat(71)],
    ['72 bytes', 'k'.repeat(72)],
    ['18 emoji', '😀'.repeat(18)],
  ])('takes %s, and not the same with a letter behind', async (_what, accepted) => {
    const encoded = await hashPassword(accepted, cheap);
    expect(await verifyPassword(accepted, encoded)).toBe(true);
    expect(await verifyPassword(`${accepted}x`, encoded)).toBe(false);
  });

  it.concurrent.each(['bcrypt', 'django-bcrypt', 'spring-bcrypt', 'mediawiki-bcrypt', 'nextcloud-bcrypt'])(
    '%s refuses 73 bytes and names them',
    async (format) => {
      await expect(hashPassword('k'.repeat(73), { format })).rejects.toMatchObject({
        code: 'password_rejected',
        details: { violations: [{ code: 'too_long', params: { maxBytes: 72, bytes: 73 } }] },
      });
    },
  );

  it.concurrent.each(['wordpress-bcrypt', 'django-bcrypt-sha256', 'symfony-bcrypt'])(
    '%s hashes first and takes 1,024 bytes whole',
    async (format) => {
      const long = 'k'.repeat(1023);
      const encoded = await hashPassword(`${long}a`, { format, parameters: { cost: 10 } });
      expect(await verifyPassword(`${long}a`, encoded, { format })).toBe(true);
      expect(await verifyPassword(`${long}b`, encoded, { format })).toBe(false);
    },
  );
});

describe('R32: no format writes what another login reads differently', () => {
  it.concurrent.each(['abc\0def', 'abc\ud800def'])('refuses %j', async (typed) => {
    await expect(hashPassword(typed, cheap)).rejects.toMatchObject({
      code: 'password_rejected',
      details: { violations: [{ code: 'not_text' }] },
    });
  });
});

describe('R37: what is written is never below the floors', () => {
  it.concurrent.each([
    ['bcrypt', '$2a$04$D2tzkcpRWi1cFurEl297wuT0lSDePzU7kJxAPpxbsGZzmHb.xn2j.', { prefix: '2a', cost: 10 }],
    ['bcrypt', '$2y$13$3PJt5shywD4spBVnJ6nt4OfvdM0GsgcSp3Uvk38lppoPgnj.CYWce', { prefix: '2y', cost: 13 }],
    [
      'argon2',
      '$argon2i$v=19$m=1024,t=3,p=2$T3JGcEkxVFNOVktNSjZUcg$4/hyLtSejxNgAuzSFFV/HLM3qRQKBwEtKw61qPN4zWA',
      { type: 'argon2i', memoryKiB: 19_456, passes: 3, lanes: 2 },
    ],
    ['werkzeug-scrypt', `scrypt:32768:8:1$abcdefgh$${'ab'.repeat(64)}`, { n: 32_768, r: 8, p: 3 }],
    ['django-pbkdf2', 'pbkdf2_sha256$260000$abc$AAAA', { digest: 'sha256', iterations: 600_000 }],
    ['django-pbkdf2', 'pbkdf2_sha256$700000$abc$AAAA', { digest: 'sha256', iterations: 700_000 }],
    ['phpass', '$H$9AXIEh2obvSNNvfoN1gK8aX4v8IL1o0', { prefix: 'H', log2: 13 }],
  ])('%s keeps what the row %s has, or more', async (format, like, parameters) => {
    const encoded = await hashPassword(password, { format, like });
    expect(identifyFormat(encoded)?.summary(encoded)).toEqual({ format, parameters });
    expect(await verifyPassword(password, encoded)).toBe(true);
  });

  it.concurrent.each([
    ['bcrypt', { cost: 9 }],
    ['bcrypt', { cost: 'many' }],
    ['argon2', { memoryKiB: 8192 }],
    ['werkzeug-scrypt', { n: 16_384, p: 1 }],
    ['django-pbkdf2', { iterations: 1000 }],
  ])('%s refuses to be configured with %j', async (format, parameters) => {
    await expect(hashPassword(password, { format, parameters })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it.concurrent('takes more where more is asked for', async () => {
    const encoded = await hashPassword(password, { format: 'argon2', parameters: { passes: 5 } });
    expect(encoded).toContain('$argon2id$v=19$m=65536,t=5,p=1$');
  });
});

describe("R38: what is written is in the host's format", () => {
  it.concurrent.each(['2a', '2b', '2y'])('keeps the prefix $%s$ of the row', async (prefix) => {
    const like = `$${prefix}$10$D2tzkcpRWi1cFurEl297wuT0lSDePzU7kJxAPpxbsGZzmHb.xn2j.`;
    const encoded = await hashPassword(password, { format: 'bcrypt', like });
    expect(encoded).toMatch(new RegExp(`^\\$${prefix}\\$10\\$.{53}$`));
    expect(await verifyPassword(password, encoded)).toBe(true);
  });

  it.concurrent('writes the prefix that the application needs, whatever the row has', async () => {
    const like = '$2b$10$xmILwaRWOJ3VgNkApSWjyuDFM9uZmPvjkNxw/Xk.3dcOuQIna9FDG';
    const options = { format: 'bcrypt', like, parameters: { prefix: '2y' } };
    expect(await hashPassword(password, options)).toMatch(/^\$2y\$10\$/);
  });

  it.concurrent('writes Argon2 in the order that PHP, Python and Go read', async () => {
    const encoded = await hashPassword(password, { format: 'argon2' });
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
  });

  it.concurrent('writes no longer a string than the column of the application takes', async () => {
    expect((await hashPassword(password, { format: 'django-scrypt' })).length).toBe(128);
    expect((await hashPassword(password, { format: 'werkzeug-scrypt' })).length).toBe(162);
    expect((await hashPassword(password, { format: 'drupal-sha512' })).length).toBe(55);
  });

  it.concurrent('refuses to write a legacy format', async () => {
    await expect(hashPassword(password, { format: 'md5' })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it.concurrent('says which formats there are when asked for another', async () => {
    await expect(hashPassword(password, { format: 'rot13' })).rejects.toThrow(/bcrypt, /);
  });
});

describe('R42: hashing leaves the event loop alone', () => {
  it.each(['drupal-sha512', 'sha512-crypt', 'bcrypt'])('%s lets other work go on', async (format) => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await hashPassword(password, { format });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('verifyPassword', () => {
  it.concurrent('takes a pepper only where the format has one', async () => {
    const encoded = await hashPassword(password, { ...cheap, pepper: 'of the application' });
    expect(await verifyPassword(password, encoded, { pepper: 'of the application' })).toBe(true);
    expect(await verifyPassword(password, encoded)).toBe(false);
    await expect(
      hashPassword(password, { format: 'phpass', pepper: 'of the application' }),
    ).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it.concurrent('reads a row of an older format than the preset writes', async () => {
    const encoded = '$P$B3OpGaIiM24QE8Nr1VtgZ7gFBNfY8D1';
    expect(await verifyPassword(password, encoded, { format: 'wordpress-bcrypt' })).toBe(true);
  });

  it.concurrent('says that it cannot read a hash, without showing it', async () => {
    const failure: unknown = await verifyPassword(password, 'whatever-this-is').catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(String(failure)).not.toContain('whatever-this-is');
  });
});

describe('a bcrypt hash that would take hours', () => {
  const encoded = '$2b$31$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqOO';
  it.each<readonly [string, () => Promise<unknown>]>([
    ['is not computed to check a password', () => verifyPassword('x', encoded)],
    ['is not copied to a new hash', () => hashPassword('x', { format: 'bcrypt', like: encoded })],
    [
      'is not computed for a setting',
      () => hashPassword('x', { format: 'bcrypt', parameters: { cost: 19 } }),
    ],
  ])('%s', async (_what, compute) => {
    await expect(compute()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('takes far too long') as string,
    });
  });
});
