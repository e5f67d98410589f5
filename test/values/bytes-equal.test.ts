import { describe, expect, it } from 'vitest';
import { bytesEqual } from '../../src/values/bytes-equal.ts';

describe('R40: digests are compared in constant time', () => {
  it.each([
    ['equal ones', 'abcd', 'abcd', true],
    ['different ones', 'abcd', 'abce', false],
    ['one longer than the other', 'abcd', 'abcde', false],
    ['an empty one', '', 'a', false],
  ])('says so of %s and does not throw', (_what, one, other, expected) => {
    expect(bytesEqual(Buffer.from(one), Buffer.from(other))).toBe(expected);
  });
});
