import { describe, expect, it } from 'vitest';
import { markOf } from '../../src/passwords/known-hash.ts';

const rest = 'c2FsdHNhbHRzYWx0JHNlY3JldHNlY3JldHNlY3JldA';

describe('what an operator sees of a hash of an unknown format', () => {
  it.each([
    ['{X-HASH}', `{X-HASH}${rest}`],
    ['$y$', `$y$j9T$${rest}`],
    ['$9$', `$9$${rest}`],
    ['!bcryptS!', `!bcryptS!7!${rest}`],
    ['MODE2:', `MODE2:${rest}`],
    ['pbkdf3_sha256$', `pbkdf3_sha256$1$${rest}`],
    ['$fairly-sha256$', `$fairly-sha256$${rest}`],
    ['*', `*${'0123456789ABCDEF'.repeat(3).slice(0, 40)}`],
  ])('is the mark %s', (mark, encoded) => {
    expect(markOf(encoded)).toBe(`${mark}…`);
  });

  it.each([
    ['a salt before the hash', 'saltsalt$0123456789abcdef0123456789abcdef'],
    ['a salt before a colon', 'saltsalt:0123456789abcdef0123456789abcdef'],
    ['a password in plain text', 'saltsalt'],
    ['a password that looks like a scheme', 'sha1$salt'],
    ['hexadecimal digits', '5a17fa1700000000000000000000000000000000'],
    ['a line break behind it', `$2b$12$saltsalt${rest}\n`],
  ])('never holds %s', (_what, encoded) => {
    expect(markOf(encoded)).not.toMatch(/salt|5a17/);
    expect(markOf(encoded).length).toBeGreaterThan(9);
  });
});
