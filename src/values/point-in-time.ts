import { ResetError } from '../errors.ts';
import { minuteOf, wallClock } from '../render/zoned-time.ts';

const DAY_MS = 86_400_000;
const TIME = /^(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:?\d\d)?$/;

/**
 * What `--at` takes: `2026-12-01 08:00` in this time zone, the same with `Z` or `+01:00`, or `08:00` for the next time
 * that clocks show it → milliseconds since the epoch.
 *
 * @throws usage_invalid for what is not a time, and for one that clocks skip or show twice
 */
export function parsePointInTime(text: string, zone: string, now: number): number {
  const [, day, clock = '', offset] = TIME.exec(text.trim()) ?? [];
  if (clock === '' || (day === undefined && offset !== undefined)) throw noTime(text);
  if (day !== undefined) return pointOf(text, `${day}T${clock}`, offset, zone);
  const today = new Date(wallClock(now, zone)).toISOString().slice(0, 10);
  const at = pointOf(text, `${today}T${clock}`, undefined, zone);
  if (at > now) return at;
  const tomorrow = new Date(Date.parse(`${today}T00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return pointOf(text, `${tomorrow}T${clock}`, undefined, zone);
}

function pointOf(text: string, written: string, offset: string | undefined, zone: string): number {
  const wall = Date.parse(`${written}${offset ?? 'Z'}`);
  // 2026-02-30 and 24:00 are read as another day.
  const isReal = !Number.isNaN(wall) && (offset !== undefined || toText(wall).startsWith(written));
  if (!isReal) throw noTime(text);
  if (offset !== undefined) return wall;
  const [at, second] = instantsOf(wall, zone);
  if (at === undefined) {
    const day = minuteOf(wall - (wallClock(wall, zone) - wall), zone);
    throw usage(
      `In ${zone}, no clock shows ${written.replace('T', ' ')}: they are put forward then, past ${day}. Choose another time, or write it with its offset: ${written}Z`,
    );
  }
  if (second === undefined) return at;
  const both = [at, second].map((each) => `${written}${offsetOf(wall - each)}`);
  throw usage(
    `In ${zone}, clocks show ${written.replace('T', ' ')} twice, because they are put back. Say which: ${both.join(' or ')}`,
  );
}

const toText = (ms: number): string => new Date(ms).toISOString();

/** When clocks in this zone show this: once, never or twice. */
function instantsOf(wall: number, zone: string): number[] {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallClock(near, zone) - near);
  return [...new Set(offsets.map((offset) => wall - offset))]
    .filter((at) => wallClock(at, zone) === wall)
    .sort((one, other) => one - other);
}

function offsetOf(ms: number): string {
  const minutes = Math.abs(Math.round(ms / 60_000));
  const parts = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${ms < 0 ? '-' : '+'}${parts.join(':')}`;
}

const noTime = (text: string): ResetError =>
  usage(
    `--at takes a time such as 08:00, "2026-12-01 08:00" or 2026-12-01T08:00Z, not ${JSON.stringify(text)}.`,
  );

const usage = (message: string): ResetError => new ResetError('usage_invalid', message);
