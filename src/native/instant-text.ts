import type { Db } from '../db/connect.ts';
import { dialectOf } from '../db/connect.ts';

/** An instant (seconds) as text columns and every dialect take it, in UTC: `2026-11-22 15:00:00`. */
export const toInstantText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/**
 * An instant (seconds) as applications in JavaScript keep it. In SQLite that is ISO text: `Date` would read any other
 * text as local time.
 */
export const toIsoOrText = (db: Db, seconds: number): string =>
  dialectOf(db) === 'sqlite' ? new Date(seconds * 1000).toISOString() : toInstantText(seconds);

/** What a column of instants says, in seconds; text without a zone is UTC. undefined if it is not an instant. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.floor(value / 1000);
  if (value instanceof Date) return Math.floor(value.getTime() / 1000);
  if (typeof value !== 'string') return undefined;
  const [, date, time, zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(value) ?? [];
  if (date === undefined || time === undefined) return undefined;
  return Date.parse(`${date}T${time}${offsetOf(zone)}`) / 1000;
}

/** `+02`, `+0200` and `+02:00` → `+02:00`; none is UTC. */
const offsetOf = (zone: string): string =>
  zone === '' || zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
