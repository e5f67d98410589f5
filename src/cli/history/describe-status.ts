import type { MailFacts } from '../../flows/history/mails-of.ts';
import type { UserStatus } from '../../flows/history/read-status.ts';
import { fitWidth } from '../../values/display-width.ts';
import { localTime, timeAndDistance } from '../../values/instant.ts';
import { isServerReply, labelReply } from '../../values/mail-reply.ts';
import { nameUser } from '../../values/name-user.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import { survivingLines } from '../person/surviving-lines.ts';
import { describeEvent } from './describe-event.ts';

export interface Telling {
  readonly now: number;
  /** every row of the history, instead of the newest */
  readonly isWhole: boolean;
  /** of the terminal: rows of the history are cut there */
  readonly width: number | undefined;
}

/** With the summary and a prompt they fit a screen of 24 lines. */
const ROWS = 10;

/** The history, followed by how things stand, because people look at the end first. */
export function describeStatus(status: UserStatus, telling: Telling): string[] {
  return [...historyOf(status, telling), ...summaryOf(status, telling.now)];
}

function historyOf({ timeline, userId }: UserStatus, { isWhole, width }: Telling): string[] {
  if (timeline.length === 0) return ['  nothing has happened yet'];
  const shown = isWhole ? timeline : timeline.slice(-ROWS);
  const older = timeline.length - shown.length;
  const rows = shown.map(describeEvent);
  return [
    ...(older === 0 ? [] : [`  ${plural(older, 'older row')}: ${programName} status --id ${userId} --all`]),
    ...(width === undefined ? rows : rows.map((row) => fitWidth(row, width))),
  ];
}

function summaryOf(status: UserStatus, now: number): string[] {
  const { userId, isActive, canReset, facts, liveLinks, lastMail, survives } = status;
  const isCarrier = liveLinks.some(({ requestId }) => requestId === lastMail?.requestId);
  return [
    `${nameUser(status)}, ${isActive ? 'active' : 'not active'}: ${canReset ? 'can be reset' : 'cannot be reset'}`,
    ...facts.map(({ message }) => `  ! ${message}`),
    ...(liveLinks.length === 0 ? ['  no live link'] : liveLinks.flatMap((link) => linkLines(link, now))),
    ...(lastMail === null || isCarrier ? [] : [`  last mail: ${mailText(lastMail, now)}`]),
    ...survivingLines(survives, userId).map((line) => `  ${line}`),
    `  next mail: ${nextMail(status)}`,
  ];
}

function nextMail({ canReset, facts, cooldown }: UserStatus): string {
  if (!canReset) return 'none until this person can be reset';
  if (facts.some(({ code }) => code === 'no_address'))
    return 'none, because there is no address to send it to';
  return cooldown.operator === 0
    ? 'can be sent right away'
    : `can be sent in ${cooldown.operator} s, or now with --force`;
}

type LiveLink = UserStatus['liveLinks'][number];

function linkLines(
  { requestId, expiresAt, issuer, isOutdated, code, mail }: LiveLink,
  now: number,
): string[] {
  const until = `${whatLives(code, mail)} until ${timeAndDistance(expiresAt, now)}, request ${requestId.slice(0, 8)}`;
  return [
    `  ${until}`,
    ...(issuer === undefined ? [] : [`    ${ofApplication(issuer, isOutdated)}`]),
    ...(mail === null ? [] : [`    its mail: ${mailText(mail, now)}`]),
  ];
}

/** A link is only useful to a person who has received it. */
function whatLives(code: LiveLink['code'], mail: MailFacts | null): string {
  if (code?.way === 'aloud')
    return code.isTyped ? 'code typed, waiting for the new password' : `live code ${tries(code)}`;
  const link = mail === null || mail.status === 'sent' ? 'live link' : LINK_OF[mail.status];
  if (code === undefined) return link;
  return code.isTyped ? `${link}, its code typed` : `${link} and code ${tries(code)}`;
}

const LINK_OF = {
  queued: 'link on its way, not there yet, good',
  claimed: 'link on its way, not there yet, good',
  failed: 'undelivered link, good',
  bounced: 'undelivered link, good',
  skipped: 'undelivered link, good',
  unknown: 'link that may not have arrived, good',
} as const;

const tries = ({ triesLeft }: { readonly triesLeft: number }): string =>
  triesLeft === 0 ? 'without tries left' : `with ${plural(triesLeft, 'try', 'tries')} left`;

const ofApplication = (issuer: string, isOutdated = false): string =>
  `the application's own (${issuer})${isOutdated ? ', which accepts it although the password or the address has changed since' : ''}`;

/** What happened to a mail, in the words of whoever decided it. */
function mailText({ status, at, dueAt, reason, reply }: MailFacts, now: number): string {
  const when = localTime(at, now);
  const next = dueAt === null ? '' : `, next try ${localTime(dueAt, now)}`;
  const undelivered = `NOT delivered at ${when}${reason === null ? '' : ` (${reason})`}`;
  const isAccepted = reply === null || isServerReply(reply);
  const words: Readonly<Record<MailFacts['status'], string>> = {
    sent: `${isAccepted ? 'accepted by the mail server' : 'sent'} at ${when}`,
    queued: `queued since ${when}${next}`,
    claimed: `being delivered since ${when}`,
    unknown: `may have arrived at ${when}: the last answer was lost`,
    failed: undelivered,
    bounced: `came back at ${when}, NOT delivered`,
    skipped: undelivered,
  };
  return `${words[status]}${reply === null ? '' : `; ${labelReply(reply, 'server said')}`}`;
}
