import { afterEach, describe, expect, it, vi } from 'vitest';
import { localStamp, localTime, timeAndDistance, toIso } from '../../src/values/instant.ts';

const now = Date.UTC(2026, 10, 22, 20, 42, 30);
const MINUTE = 60_000;

describe.each([
  { zone: 'UTC', clock: '20:42', stamp: '2026-11-22 20:42:30' },
  { zone: 'Europe/Berlin', clock: '21:42', stamp: '2026-11-22 21:42:30' },
  { zone: 'Asia/Seoul', clock: '05:42', stamp: '2026-11-23 05:42:30' },
  { zone: 'America/St_Johns', clock: '17:12', stamp: '2026-11-22 17:12:30' },
])('a time for people in $zone', ({ zone, clock, stamp }) => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is short, and in the zone of the process', () => {
    vi.stubEnv('TZ', zone);
    expect(localTime(now, now)).toBe(clock);
    expect(localStamp(now)).toBe(stamp);
    expect(localStamp(new Date(now).toISOString())).toBe(stamp);
  });
});

it('has its date on another day', () => {
  vi.stubEnv('TZ', 'UTC');
  expect(localTime(now + 24 * 60 * MINUTE, now)).toBe('2026-11-23 20:42');
  vi.unstubAllEnvs();
});

it.each([
  [59 * MINUTE, 'in 59 minutes'],
  [60 * MINUTE, 'in 1 hour'],
  [60 * MINUTE - 25_000, 'in 1 hour'],
  [60 * MINUTE - 35_000, 'in 59 minutes'],
  [60_000, 'in 1 minute'],
  [20_000, 'in 21 seconds'],
  [24 * 60 * MINUTE, 'in 1 day'],
  [7 * 24 * 60 * MINUTE, 'in 7 days'],
  [-3 * MINUTE - 1000, '3 minutes ago'],
  [-20_000, '20 seconds ago'],
])('says how far away it is: %i ms is %s', (ms, words) => {
  expect(timeAndDistance(now + ms, now)).toContain(`(${words})`);
});

it('is ISO 8601 in UTC for machines, also where a database gives a large number as text', () => {
  expect(toIso(String(now))).toBe('2026-11-22T20:42:30.000Z');
});
