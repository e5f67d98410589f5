/** How far a batch has come. */
export interface ProgressFacts {
  /** settled, of those who get a mail */
  readonly done: number;
  readonly total: number;
  readonly sent: number;
  readonly failed: number;
  /** mails a second, lately */
  readonly rate: number;
  /** until nothing waits for its first attempt; undefined: not known yet */
  readonly seconds: number | undefined;
  /** waiting for another attempt, which is not in `seconds` */
  readonly retrying: number;
  /** when the first of them is due, in milliseconds since the epoch */
  readonly retryAt: number | null;
  /** not their hour yet, which is not in `seconds` either; the first of them at `laterAt` */
  readonly later: number;
  readonly laterAt: number | null;
}

const LONGEST_BAR = 40;
const SHORTEST_BAR = 8;

/**
 * One line that fits the terminal: a bar of what room is left, and the facts in as many words as fit. From 40 columns
 * on, what was sent, what failed and the time left are always shown.
 */
export function progressLine(facts: ProgressFacts, columns: number): string {
  const room = columns - 1; // the last column would wrap in some terminals
  const texts = [wordy, withoutRate, withoutShare, short, shortest].map((write) => write(facts).join('  '));
  const text = texts.find(({ length }) => length <= room) ?? texts.at(-1) ?? '';
  const width = Math.min(LONGEST_BAR, room - text.length - 1);
  if (width < SHORTEST_BAR) return text.slice(0, Math.max(room, 0));
  const filled = Math.round((width * facts.done) / Math.max(facts.total, 1));
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}`;
}

const wordy = (facts: ProgressFacts): string[] => [
  share(facts),
  ...counts(facts),
  `${facts.rate.toFixed(1)}/s`,
  ...left(facts, (time) => `${time} left`),
  ...again(facts),
];
const withoutRate = (facts: ProgressFacts): string[] => [
  share(facts),
  ...counts(facts),
  ...left(facts, (time) => `${time} left`),
  ...again(facts),
];
const withoutShare = (facts: ProgressFacts): string[] => [
  ...counts(facts),
  ...left(facts, (time) => `${time} left`),
  ...again(facts),
];
const short = (facts: ProgressFacts): string[] => [
  ...counts(facts),
  ...left(facts, (time) => `${time} left`),
  ...shortAgain(facts),
];
const shortest = (facts: ProgressFacts): string[] => [
  `✓${facts.sent} ✗${facts.failed}`,
  ...left(facts, (time) => time),
  ...(facts.retrying === 0 ? [] : [`↻${facts.retrying} ${timeOfDay(facts.retryAt)}`]),
  ...(facts.later === 0 ? [] : [`…${facts.later} ${timeOfDay(facts.laterAt)}`]),
];

const share = ({ done, total }: ProgressFacts): string => `${Math.floor((100 * done) / Math.max(total, 1))}%`;
const counts = ({ sent, failed }: ProgressFacts): string[] => [`sent ${sent}`, `failed ${failed}`];

/** Nothing, once everybody has had a first attempt. */
export function left(facts: ProgressFacts, say: (time: string) => string): string[] {
  if (facts.done + facts.retrying + facts.later >= facts.total) return [];
  return [say(facts.seconds === undefined ? '?' : describeDuration(facts.seconds))];
}

/** `6 are tried again at 21:12`, `400 wait for 08:00` */
export const again = ({ retrying, retryAt, later, laterAt }: ProgressFacts): string[] => [
  ...(retrying === 0
    ? []
    : [`${retrying} ${retrying === 1 ? 'is' : 'are'} tried again at ${timeOfDay(retryAt)}`]),
  ...(later === 0 ? [] : [`${later} ${later === 1 ? 'waits' : 'wait'} for ${timeOfDay(laterAt)}`]),
];

const shortAgain = ({ retrying, retryAt, later, laterAt }: ProgressFacts): string[] => [
  ...(retrying === 0 ? [] : [`${retrying} again ${timeOfDay(retryAt)}`]),
  ...(later === 0 ? [] : [`${later} at ${timeOfDay(laterAt)}`]),
];

/** In the operator's own time zone. */
const timeOfDay = (at: number | null): string =>
  at === null ? '?' : new Date(at).toTimeString().slice(0, 5);

/** 5400 → `1 h 30 min`. */
export function describeDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
