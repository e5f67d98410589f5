import { describe, expect, it } from 'vitest';
import { progressLine, type ProgressFacts } from '../../../src/cli/batch/progress-line.ts';

const RETRY_AT = new Date(2026, 10, 29, 21, 12).getTime();
const facts: ProgressFacts = {
  done: 1952,
  total: 2000,
  sent: 1932,
  failed: 20,
  rate: 7.5,
  seconds: 24,
  retrying: 0,
  retryAt: null,
  later: 0,
  laterAt: null,
};
const million = { ...facts, done: 500_000, total: 1_000_000, sent: 480_000, failed: 20_000, seconds: 99_000 };
const widths = Array.from({ length: 161 }, (_, index) => index + 40);

describe('the progress of a batch', () => {
  it.each([
    ['a small batch', facts, ['1932', '20', '24 s']],
    ['a million', million, ['480000', '20000', '27 h 30 min']],
    [
      'a million with some to try again',
      { ...million, retrying: 6, retryAt: RETRY_AT },
      ['480000', '20000', '6', '21:12'],
    ],
    [
      'people whose morning is still to come',
      { ...facts, later: 40, laterAt: RETRY_AT },
      ['1932', '20', '24 s', '40 ', '21:12'],
    ],
  ])('fits every width from 40 columns with failures and time: %s', (_title, each, words) => {
    for (const columns of widths) {
      const line = progressLine(each, columns);
      expect(line.length).toBeLessThan(columns);
      for (const word of words) expect(line).toContain(word);
    }
  });

  it('says what is tried again, and does not count it into the time left', () => {
    const waiting = { ...facts, done: 1994, retrying: 6, retryAt: RETRY_AT };
    expect(progressLine(waiting, 120)).toMatch(
      / 99% {2}sent 1932 {2}failed 20 {2}7\.5\/s {2}6 are tried again at 21:12$/,
    );
    expect(progressLine({ ...waiting, retrying: 1 }, 120)).toContain('left  1 is tried again at 21:12');
  });

  it('gives the bar what room is left', () => {
    const bars = [50, 70, 80, 200].map(
      (columns) => (/[█░]*/.exec(progressLine(facts, columns)) ?? [''])[0].length,
    );
    expect(bars).toEqual([...bars].sort((a, b) => a - b));
    expect(bars.at(-1)).toBe(40);
  });
});
