import { parseDuration } from './duration.ts';
import { ResetError } from '../errors.ts';

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * What `--since` takes: a duration before now (`7d`, `24h`), or a date or time (UTC where it names no zone) →
 * milliseconds since the epoch. Throws usage_invalid.
 */
export function parseSince(value: string, now: number): number {
  const text = value.trim();
  if (/^\d+[smhd]$/.test(text)) return now - parseDuration(text);
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) && text.includes(':');
  const at = DATE.test(text) ? Date.parse(text.includes(':') && !hasZone ? `${text}Z` : text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new ResetError(
      'usage_invalid',
      `${JSON.stringify(value)} is not a time. Use 24h, 7d, 2026-11-22 or 2026-11-22T14:00Z.`,
    );
  }
  return at;
}

type Instant = number | string;

/** Milliseconds since the epoch, or ISO 8601 → milliseconds. Databases give large numbers as text. */
const toMs = (at: Instant): number =>
  typeof at === 'number' ? at : /^\d+$/.test(at) ? Number(at) : Date.parse(at);

/** For machines: ISO 8601 in UTC. */
export const toIso = (at: Instant): string => new Date(toMs(at)).toISOString();

/** For people, in the zone of this process: `2026-11-22 14:00:00`. */
export function localStamp(at: Instant): string {
  const date = new Date(toMs(at));
  return `${dayOf(date)} ${clockOf(date)}:${pad(date.getSeconds())}`;
}

/** For people, in the zone of this process: `21:41`, or `2026-11-30 21:41` on another day than now. */
export function localTime(at: Instant, now: number): string {
  const date = new Date(toMs(at));
  return dayOf(date) === dayOf(new Date(now)) ? clockOf(date) : `${dayOf(date)} ${clockOf(date)}`;
}

/** `21:41 (in 59 minutes)`, `20:45 (3 minutes ago)` */
export const timeAndDistance = (at: Instant, now: number): string => {
  const ms = toMs(at) - now;
  // To the nearest minute: a few seconds of work must not turn an hour into 59 minutes.
  const distance =
    ms < 0 ? `${distanceOf(-ms)} ago` : `in ${distanceOf(ms + (ms > 120_000 ? 30_000 : 1500))}`;
  return `${localTime(at, now)} (${distance})`;
};

/** `3 minutes ago`; a second at least, because clocks differ a little. */
export const ago = (at: Instant, now: number): string => `${distanceOf(Math.max(1000, now - toMs(at)))} ago`;

/** The largest unit that fits: `59 minutes`, `1 hour`, `7 days`. */
export function distanceOf(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const;
  const [unit, length] = units.find(([, each]) => ms >= each) ?? units[3];
  const count = Math.floor(ms / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const pad = (part: number): string => String(part).padStart(2, '0');
const clockOf = (date: Date): string => `${pad(date.getHours())}:${pad(date.getMinutes())}`;
const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
