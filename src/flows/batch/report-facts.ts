import type { Batch } from '../../batches/batch.ts';
import type { Outcomes } from '../../batches/count-outcomes.ts';
import type { Counts } from '../../batches/count-rows.ts';
import type { LockFigures } from '../../batches/report-figures.ts';
import { formatDuration, formatNumber } from '../../render/format.ts';
import type { Count, Fact } from '../../render/report-view.ts';
import { minuteOf } from '../../render/zoned-time.ts';
import { plural } from '../../values/plural.ts';
import { oneLine } from '../../values/printable.ts';
import { describeKind } from '../access/kind-words.ts';
import type { Surviving } from '../access/surviving.ts';
import { describeReason } from './skip-reasons.ts';

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber('en', count)} ${count === 1 ? one : many}`;

/** What to know before the numbers, a sentence each. */
export function noticesOf(batch: Batch, counts: Counts, open: number): string[] {
  const test = 'This was a test: every mail went to one address, with a link that does nothing.';
  const state = stateNotice(batch, counts.queued + counts.claimed, open);
  return [...(batch.redirectTo === null ? [] : [test]), ...(state === undefined ? [] : [state])];
}

const inBrackets = (text: string | null): string => (text === null ? '' : ` (${text})`);

function stateNotice({ state, pauseReason }: Batch, left: number, open: number): string | undefined {
  const waiting = `${counted(left, 'mail')} ${left === 1 ? 'is' : 'are'} still to go`;
  switch (state) {
    case 'planning':
      return 'This batch is still being planned. Nothing has been sent.';
    case 'locking':
      return 'This batch is still locking passwords. Nothing has been sent.';
    case 'running':
      return `This batch is still running: ${waiting}, and these numbers will change.`;
    case 'paused':
      return `This batch is paused${inBrackets(pauseReason)}: ${waiting}.`;
    case 'cancelled':
      return 'This batch was cancelled: not everybody got a mail.';
    case 'done':
    case 'incomplete':
      return open === 0
        ? undefined
        : `All mails have been handled, but ${counted(open, 'link')} can still be used: these numbers may change.`;
  }
}

/** Who sent it, to whom, and when. */
export function factsOf(batch: Batch, isMailed: boolean, timeZone: string): Fact[] {
  const { actorName, ticket, selection, createdAt, startedAt, endedAt, rate, redirectTo } = batch;
  const time = (at: number | string) => minuteOf(Number(at), timeZone);
  return facts([
    ['Sent by', oneLine(actorName)],
    ['Ticket', ticket === null ? undefined : oneLine(ticket)],
    ['Chosen', oneLine(selection, 1000)],
    ['Planned', time(createdAt)],
    ['Started', startedAt === null ? undefined : time(startedAt)],
    ['Ended', endedAt === null ? undefined : time(endedAt)],
    ['Links work for', isMailed ? formatDuration(batch.expiresInS * 1000, 'en') : undefined],
    ['Speed', rate === null || !isMailed ? undefined : `at most ${plural(rate, 'mail')} a second`],
    ['Mails', isMailed ? undefined : 'none (--mail none)'],
    ['Every mail goes to', redirectTo ?? undefined],
  ]);
}

/** People are counted over all their mails; a reminder's mails are in its own report. */
export const reminderFacts = (ids: readonly string[]): Fact[] =>
  ids.length === 0
    ? []
    : [{ name: 'Reminders', text: `${ids.join(', ')}: people are counted with them, mails are not` }];

/** How passwords were locked; empty when that was not asked for. */
export function lockFacts(
  { isLocking }: Batch,
  { count, firstAt, lastAt }: LockFigures,
  sessionsEnded: number,
  timeZone: string,
): Fact[] {
  if (!isLocking) return [];
  const time = (at: number | null) => (at === null ? undefined : minuteOf(at, timeZone));
  return facts([
    ['Passwords locked', formatNumber('en', count)],
    ['First', time(firstAt)],
    ['Last', time(lastAt)],
    ['Sessions ended', formatNumber('en', sessionsEnded)],
  ]);
}

const facts = (all: readonly (readonly [name: string, text: string | undefined])[]): Fact[] =>
  all.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]));

/** What became of people: everybody of the batch in exactly one row. */
export function peopleCounts(outcomes: Outcomes): Count[] {
  return [
    { name: 'New password', note: 'set with a link since the batch was planned', count: outcomes.changed },
    { name: 'Open link', note: 'not used yet', count: outcomes.open },
    { name: 'Expired link', count: outcomes.expired },
    { name: 'Revoked link', note: 'by an operator or a newer link', count: outcomes.revoked },
    { name: 'Not reached', note: 'the mail failed', count: outcomes.failed },
    { name: 'Waiting', note: 'the mail is still to go', count: outcomes.waiting },
    { name: 'Skipped', note: 'not to get a mail', count: outcomes.skipped },
  ];
}

/** What became of mails: every row of the ledger in exactly one of these. */
export function mailCounts({ sent, failed, unknown, bounced, queued, claimed, skipped }: Counts): Count[] {
  return [
    { name: 'Sent', note: 'the mail server accepted it', count: sent },
    { name: 'Failed', count: failed },
    ...(unknown === 0
      ? []
      : [
          {
            name: 'Unknown',
            note: 'the last answer was lost; counted as failed below',
            count: unknown,
          },
        ]),
    ...(bounced === 0
      ? []
      : [{ name: 'Bounced', note: 'came back later; counted as failed below', count: bounced }]),
    { name: 'Waiting', count: queued + claimed },
    { name: 'Skipped', count: skipped },
  ];
}

/** What else opens accounts, or is asked for, after a reset. */
export const survivingCounts = (surviving: readonly Surviving[]): Count[] =>
  surviving.map((each) => ({ name: capitalized(describeKind(each)), count: each.people }));

const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Reasons of those who were skipped, the commonest first. */
export const skippedCounts = (reasons: Readonly<Record<string, number>>): Count[] =>
  Object.entries(reasons)
    .map(([reason, count]) => ({ name: describeReason(reason), count }))
    .sort((one, other) => other.count - one.count);
