import { wallClock } from '../render/zoned-time.ts';
import { ResetError } from '../errors.ts';

const MINUTE = 60_000;
const DAY = 1440;

/** Hours of a day: minutes since midnight. It may go past midnight (22:00-06:00). */
export interface DayWindow {
  readonly from: number;
  /** not part of it */
  readonly until: number;
}

/** `08:00-18:00` → a window. Throws usage_invalid. */
export function parseDayWindow(text: string): DayWindow {
  const [, ...parts] = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text) ?? [];
  const [fromHour = 0, fromMinute = 0, untilHour = 0, untilMinute = 0] = parts.map(Number);
  const window = { from: fromHour * 60 + fromMinute, until: untilHour * 60 + untilMinute };
  if (parts.length === 4 && window.from !== window.until) return window;
  throw new ResetError(
    'usage_invalid',
    `--between takes two times of the day, such as 08:00-18:00, not ${JSON.stringify(text)}.`,
  );
}

/** `08:00-18:00` */
export const writeDayWindow = ({ from, until }: DayWindow): string => `${clockOf(from)}-${clockOf(until)}`;

const clockOf = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** Do clocks in this zone show a time of the window? An hour that a day skips or repeats needs no rule of its own. */
export function isOpen({ from, until }: DayWindow, zone: string, at: number): boolean {
  const minute = minuteOfDay(zone, at);
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

const minuteOfDay = (zone: string, at: number): number => Math.floor(wallClock(at, zone) / MINUTE) % DAY;

/**
 * The first instant from `at` on at which the window is open, in milliseconds since the epoch. On a day whose clocks
 * skip the whole window, it does not open.
 */
export function nextOpening(window: DayWindow, zone: string, at: number): number {
  if (isOpen(window, zone, at)) return at;
  let minute = Math.floor(at / MINUTE) * MINUTE;
  do {
    const opening = minute + minutesLeft(window, zone, minute) * MINUTE;
    // Over a change of the clocks, minute by minute: they may skip or repeat the time that is looked for.
    minute = offsetOf(zone, opening) === offsetOf(zone, minute) ? opening : minute + MINUTE;
  } while (!isOpen(window, zone, minute));
  return minute;
}

const minutesLeft = ({ from }: DayWindow, zone: string, at: number): number =>
  (from - minuteOfDay(zone, at) + DAY) % DAY || 1;

const offsetOf = (zone: string, at: number): number => wallClock(at, zone) - at;

/** Making an Intl formatter takes long, and there are a few hundred zones at most. */
const zones = new Map<string, string | undefined>();
const MOST = 2000;

/** The name of a time zone as Intl knows it; undefined for one that it does not. */
export function knownZone(name: string): string | undefined {
  if (!zones.has(name)) {
    if (zones.size >= MOST) zones.clear();
    zones.set(name, lookUp(name));
  }
  return zones.get(name);
}

function lookUp(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
