const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant (milliseconds) as local time in a time zone, in seconds as if that were UTC. */
export function wallSeconds(at: number, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-u-ca-iso8601', options(timeZone));
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return Math.floor(wall / 1000);
}

/** The instant (seconds) of such a local time. Of an hour that comes twice, it is one of the two. */
export function fromWallSeconds(wall: number, timeZone: string): number {
  const aheadAt = (seconds: number): number => wallSeconds(seconds * 1000, timeZone) - seconds;
  return wall - aheadAt(wall - aheadAt(wall));
}

const options = (timeZone: string): Intl.DateTimeFormatOptions => ({
  timeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
