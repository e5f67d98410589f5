import { describe, expect, it } from 'vitest';
import { isOpen, knownZone, nextOpening, parseDayWindow } from '../../src/values/day-window.ts';
import { parsePointInTime } from '../../src/values/point-in-time.ts';

const at = (iso: string): number => Date.parse(iso);
const berlin = 'Europe/Berlin';
const now = at('2026-11-29T12:00:00Z');

describe('--at', () => {
  it.each([
    ['2026-12-01 08:00', '2026-12-01T07:00:00Z'],
    ['2026-12-01T08:00:30', '2026-12-01T07:00:30Z'],
    ['2026-12-01T08:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T08:00-0500', '2026-12-01T13:00:00Z'],
    ['14:00', '2026-11-29T13:00:00Z'],
    ['13:00', '2026-11-30T12:00:00Z'], // now: the next time is tomorrow
    ['2027-03-28 03:00', '2027-03-28T01:00:00Z'],
    ['2026-10-25T02:30+02:00', '2026-10-25T00:30:00Z'],
  ])('%s is %s in Berlin', (text, iso) => {
    expect(parsePointInTime(text, berlin, now)).toBe(at(iso));
  });

  it.each([
    ['2027-03-28 02:30', /no clock shows 2027-03-28 02:30.*offset/],
    ['2026-10-25 02:30', /twice.*2026-10-25T02:30\+02:00 or 2026-10-25T02:30\+01:00/],
    ['2026-02-30 08:00', /takes a time/],
    ['2026-12-01', /takes a time/],
    ['24:00', /takes a time/],
    ['08:00Z', /takes a time/],
    ['tomorrow', /takes a time/],
  ])('refuses %s', (text, words) => {
    expect(() => parsePointInTime(text, berlin, now)).toThrow(words);
  });
});

describe('--between', () => {
  it.each(['8-18', '08:00', '25:00-26:00', '08:00-08:00', '08:60-09:00', ''])('refuses %j', (text) => {
    expect(() => parseDayWindow(text)).toThrow(/--between takes two times/);
  });

  it.each([
    ['08:00-18:00', berlin, '2026-11-29T17:00:00Z', '2026-11-30T07:00:00Z'], // 18:00: over
    ['08:00-18:00', berlin, '2026-11-29T16:59:59Z', '2026-11-29T16:59:59Z'],
    ['22:00-06:00', berlin, '2026-11-29T12:00:00Z', '2026-11-29T21:00:00Z'],
    ['22:00-06:00', berlin, '2026-11-30T02:00:00Z', '2026-11-30T02:00:00Z'],
    ['08:00-18:00', 'Asia/Kathmandu', '2026-11-29T20:00:00Z', '2026-11-30T02:15:00Z'],
    // put forward at 02:00, back at 03:00
    ['08:00-18:00', berlin, '2027-03-27T20:00:00Z', '2027-03-28T06:00:00Z'],
    ['08:00-18:00', berlin, '2026-10-24T20:00:00Z', '2026-10-25T07:00:00Z'],
    ['02:15-02:45', berlin, '2027-03-27T20:00:00Z', '2027-03-29T00:15:00Z'], // no such time on the 28th
    ['02:30-03:30', berlin, '2027-03-27T20:00:00Z', '2027-03-28T01:00:00Z'],
    ['02:15-02:45', berlin, '2026-10-25T00:50:00Z', '2026-10-25T01:15:00Z'], // twice on the 25th
    ['08:00-18:00', 'Pacific/Apia', '2011-12-30T05:00:00Z', '2011-12-30T18:00:00Z'], // the day that was left out
  ])('%s in %s opens after %s at %s', (text, zone, from, opening) => {
    const window = parseDayWindow(text);
    expect(new Date(nextOpening(window, zone, at(from))).toISOString()).toBe(new Date(opening).toISOString());
    expect(isOpen(window, zone, at(opening))).toBe(true);
  });

  it('knows time zones as Intl does', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Phobos', '99', ''].map(knownZone)).toEqual([
      'Europe/Berlin',
      'UTC',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
