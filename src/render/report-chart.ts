import { formatNumber } from './format.ts';
import { wallClock } from './zoned-time.ts';

export const FIGURES = ['sent', 'failed', 'changed'] as const;
export type Figure = (typeof FIGURES)[number];

/** What happened from `at` (milliseconds since the epoch) until the next one. */
export type Slot = Readonly<Record<Figure | 'at', number>>;

/** Lines and their labels in the units of the drawing. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly plot: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;
  /** the data of a `path` for each line */
  readonly paths: Readonly<Record<Figure, string>>;
  readonly rows: readonly { readonly y: number; readonly label: string }[];
  readonly columns: readonly { readonly x: number; readonly label: string }[];
}

const WIDTH = 720;
const HEIGHT = 270;
const PLOT = { left: 72, right: 704, top: 12, bottom: 236 };
/** More would be closer together than a line is wide. */
const POINTS = 300;
const ROWS = 5;
const COLUMNS = 6;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A batch of a few seconds still has times below it. */
const LEAST_SPAN = 5 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 4, 7, 14, 28, 91, 182, 364, 728, 1820, 3640].map((count) => count * DAY),
];

export interface Span {
  /** milliseconds since the epoch */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

/** How many there were by then, of each figure, as one line each. */
export function drawChart(slots: readonly Slot[], given: Span): Chart {
  const span = { ...given, to: Math.max(given.to, given.from + LEAST_SPAN) };
  const totals = FIGURES.map((figure) => slots.reduce((sum, slot) => sum + slot[figure], 0));
  const unit = niceStep(Math.max(1, ...totals) / ROWS);
  const top = unit * Math.max(1, Math.ceil(Math.max(...totals) / unit));
  const xOf = scale([span.from, span.to], [PLOT.left, PLOT.right]);
  const yOf = scale([0, top], [PLOT.bottom, PLOT.top]);
  const line = (figure: Figure) => pathOf(slots, figure, xOf, yOf);
  return {
    width: WIDTH,
    height: HEIGHT,
    plot: PLOT,
    paths: { sent: line('sent'), failed: line('failed'), changed: line('changed') },
    rows: Array.from({ length: top / unit + 1 }, (_, index) => ({
      y: yOf(index * unit),
      label: formatNumber('en', index * unit),
    })),
    columns: timeTicks(span).map(({ at, label }) => ({ x: xOf(at), label })),
  };
}

type Scale = (value: number) => number;

/** One decimal: a tenth of a unit is less than anybody sees. */
const scale =
  ([from, to]: readonly [number, number], [start, end]: readonly [number, number]): Scale =>
  (value) =>
    Math.round((start + ((value - from) / (to - from)) * (end - start)) * 10) / 10;

/** A line goes on level until something happens. */
function pathOf(slots: readonly Slot[], figure: Figure, xOf: Scale, yOf: Scale): string {
  const pieces = [`M${PLOT.left} ${yOf(0)}`];
  const distance = (PLOT.right - PLOT.left) / POINTS;
  let [sum, lastX] = [0, -Infinity];
  for (const [index, slot] of slots.entries()) {
    sum += slot[figure];
    const x = Math.min(PLOT.right, Math.max(PLOT.left, xOf(slot.at)));
    if (x - lastX < distance && index < slots.length - 1) continue;
    lastX = x;
    pieces.push(`H${x}V${yOf(sum)}`);
  }
  return `${pieces.join('')}H${PLOT.right}`;
}

/** 1, 2 or 5 with noughts behind it, and not below this. */
function niceStep(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return power * ([1, 2, 5].find((each) => each * power >= least) ?? 10);
}

/** Where clocks in the zone show round times: midnight, the hour, the quarter. */
function timeTicks({ from, to, timeZone }: Span): { at: number; label: string }[] {
  const step = STEPS.find((each) => (to - from) / each <= COLUMNS) ?? 10 * 364 * DAY;
  const ticks: { at: number; label: string }[] = [];
  const first = Math.ceil(wallClock(from, timeZone) / step) * step;
  for (let local = first; ticks.length <= COLUMNS; local += step) {
    const at = instantOf(local, timeZone);
    if (at > to) break;
    const isDay = step >= DAY || local % DAY === 0;
    ticks.push({
      at,
      label: isDay || ticks.length === 0 ? dateLabel(local, step >= DAY) : clockLabel(local),
    });
  }
  return ticks;
}

/** When clocks in the zone show this; where they are put forward or back, the hour beside it. */
function instantOf(local: number, timeZone: string): number {
  const guess = local - (wallClock(local, timeZone) - local);
  return guess - (wallClock(guess, timeZone) - local);
}

const clockLabel = (local: number): string => new Date(local).toISOString().slice(11, 16);

/** `Nov 22`, or `Nov 22, 14:00` */
function dateLabel(local: number, isDayAlone: boolean): string {
  const day = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    local,
  );
  return isDayAlone || local % DAY === 0 ? day : `${day}, ${clockLabel(local)}`;
}
