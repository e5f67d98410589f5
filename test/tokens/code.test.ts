import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf, formatCode, matchesCode, mintCode, readCode } from '../../src/tokens/code.ts';
import { createKeyring } from '../../src/tokens/keyring.ts';
import { Secret } from '../../src/values/secret.ts';

const makeKey = () => createKeyring([new Secret(randomBytes(32))]).current;
const key = makeKey();
const row = { jti: 'a-token-of-susan', userId: '1' };

describe('a one-time code', () => {
  it('has eight letters of Crockford’s alphabet in two groups', () => {
    for (let count = 0; count < 200; count += 1) {
      const code = formatCode(codeOf(key, { ...row, jti: `${count}` }));
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    }
  });

  it('uses every letter equally often', () => {
    const counts = new Map<string, number>();
    for (let count = 0; count < 4000; count += 1) {
      const code = codeOf(key, { ...row, jti: `${count}` });
      for (const letter of code) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.size).toBe(32);
    // 1,000 of each are expected; six standard deviations are 190.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(190);
  });

  it('is the same for a repeated mail, and another for another row, user or key', () => {
    const code = codeOf(key, row);
    expect(codeOf(key, { ...row })).toBe(code);
    const others = [codeOf(key, { ...row, jti: 'other' }), codeOf(key, { ...row, userId: '2' })];
    for (const other of [...others, codeOf(makeKey(), row)]) expect(other).not.toBe(code);
  });

  it('is kept as a keyed digest that fits its row and user alone', () => {
    const code = codeOf(key, row);
    const { mac } = mintCode(key, row, 'aloud', 1);
    expect(matchesCode(key, row, code, mac)).toBe(true);
    expect(matchesCode(key, row, codeOf(key, { ...row, jti: 'other' }), mac)).toBe(false);
    expect(matchesCode(key, { ...row, jti: 'other' }, code, mac)).toBe(false);
    expect(matchesCode(key, { ...row, userId: '2' }, code, mac)).toBe(false);
    expect(matchesCode(makeKey(), row, code, mac)).toBe(false);
  });

  it('never mixes up where one part ends and the next begins', () => {
    const facts = { jti: 'ab', userId: 'c' };
    const { mac } = mintCode(key, facts, 'aloud', 1);
    expect(matchesCode(key, { jti: 'a', userId: 'bc' }, codeOf(key, facts), mac)).toBe(false);
  });
});

describe('a typed code', () => {
  it.each([
    '7KQM-2X9T', '7KQM2X9T', '7kqm-2x9t', ' 7kqm 2x9t ', '7 K Q M 2 X 9 T', '7KQM–2X9T', '7KQM\u22122X9T', '7KQM\u00a02X9T',
    '７ＫＱＭ－２Ｘ９Ｔ', '\u200e7KQM-2X9T\u200f', '\u20687KQM-2X9T\u2069', '7KQM_2X9T', '7KQM-2X9T.', '٧KQM-٢X٩T', '7КQМ-2Х9Т', '7кqм-2х9т', '۷KQM-۲X۹T', '7KQM\t2X9T\n',
  ])('%j is 7KQM2X9T', (typed) => {
    expect(readCode(typed)).toBe('7KQM2X9T');
  }); // prettier-ignore

  it.each([
    ['O0oI-1iLl', '00011111'],
    ['iLoO-0000', '11000000'],
    ['İıiI-0000', '11110000'],
  ])('%j is %s: letters that look like digits are digits', (typed, code) => {
    expect(readCode(typed)).toBe(code);
  });

  const ofAnotherLength = ['', '7KQM-2X9', '7KQM-2X9TT'];
  const ofOtherLetters = [
    '7KQM-2X9U',
    '7KQM-2X9Ü',
    '7KQM-2X9Ж',
    '7KQM-2X9!',
    '7KQM/2X9T',
    'ßßßß',
    '🙂🙂🙂🙂',
  ];
  it.each([...ofAnotherLength, ...ofOtherLetters])('%j is none', (typed) => {
    expect(readCode(typed)).toBeUndefined();
  });
});
