import { describe, expect, it } from 'vitest';
import { transformPassword } from '../../src/passwords/transform.ts';

describe('transformPassword', () => {
  it.each([
    ['raw', '  as "typed"\u00a0', '  as "typed"\u00a0'],
    ['trim', ' \t\n\r\0\x0B spaced \x0B', 'spaced'],
    ['trim', '\u00a0\u3000\ufeffkept\u00a0', '\u00a0\u3000\ufeffkept\u00a0'],
    ['trim', '  spaced  ', 'spaced'],
    ['wp-slash', `it's "q" uoted`, `it\\'s \\"q\\" uoted`],
    ['wp-slash', 'back\\slash', 'back\\\\slash'],
    ['wp-slash', 'a\0b', 'a\\0b'],
    ['wp-slash', '  spaced  ', 'spaced'],
    ['phpbb', `a&b<c>"d'e`, `a&amp;b&lt;c&gt;&quot;d'e`],
    ['phpbb', 'one\r\ntwo\rthree\0\ufeff', 'one\ntwo\nthree'],
    ['phpbb', 'e\u0301', '\u00e9'],
    ['nfc', 'e\u0301\ufb01', '\u00e9\ufb01'],
    ['nfkc', 'e\u0301\ufb01', '\u00e9fi'],
  ] as const)('%s makes of %j what the login hashes', (transform, typed, hashed) => {
    expect(transformPassword(typed, transform)).toBe(hashed);
  });

  it('R41: does not normalise what is too long to be hashed', () => {
    const huge = `a${'\u0301'.repeat(450_000)}`;
    expect(transformPassword(huge, 'nfkc')).toBe(huge);
  });
});
