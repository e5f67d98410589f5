import { localTime, parseSince, timeAndDistance } from '../../values/instant.ts';
import { systemClock } from '../../create-reset.ts';
import type { UnfinishedMail, UserStatus } from '../../flows/history/read-status.ts';
import { readPending, readUserStatus } from '../../flows/history/read-status.ts';
import type { Command, Context } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { statusOptions } from './declare.ts';
import { describeEvent } from './describe-event.ts';
import { nameUser } from '../../values/name-user.ts';
import { forUser } from '../for-user.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';
import { plural } from '../../values/plural.ts';

/** `reset status [email]`: one user's time line, or what waits and what failed of all. */
export const status: Command<OptionsOf<typeof statusOptions>> = async (
  context,
  emails,
  { since, ...named },
) => {
  const isOfAll = emails.length === 0 && named.id === undefined && named.username === undefined;
  if (isOfAll) return showPending(context, parseSince(since, systemClock.now()));
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const found = await forUser(context, app, identifier, (one) => readUserStatus(app, one));
    context.output.result(found, toText(found, app.clock.now()));
    return 0;
  });
};

const showPending = (context: Context, failedSince: number): Promise<number> =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    let count = 0;
    for await (const mail of readPending(app, failedSince)) {
      count += 1;
      const isBad = mail.status === 'failed' || mail.status === 'unknown';
      context.output.result(mail, pendingText(mail, app.clock.now()), isBad ? 'bad' : 'warn');
    }
    if (count === 0) context.output.info('Nothing is waiting, and nothing failed.');
    return 0;
  });

function pendingText(mail: UnfinishedMail, now: number): string {
  const { status: state, kind, userId, attempts, dueAt, requestId, reply } = mail;
  const when = dueAt === null ? '' : `, due ${localTime(dueAt, now)}`;
  const said = reply === null ? '' : `\n  ${reply}`;
  const tried = attempts === 0 ? '' : `, ${plural(attempts, 'attempt')}`;
  return `${state} ${kind} of user ${userId}, since ${localTime(mail.queuedAt, now)}${tried}${when}, request ${requestId}${said}`;
}

function toText(
  { email, userId, isActive, facts, liveLinks, cooldown, timeline }: UserStatus,
  now: number,
): string {
  const wait =
    cooldown.operator === 0 ? 'may go right away' : `in ${cooldown.operator} s, or at once with --force`;
  return [
    `${nameUser({ email, userId })}, ${isActive ? 'active' : 'not active'}`,
    ...facts.map(({ message }) => `  ! ${message}`),
    ...(liveLinks.length === 0
      ? ['  no live link']
      : liveLinks.map(
          ({ requestId, expiresAt, issuer, isOutdated, code }) =>
            `  ${whatLives(code)} until ${timeAndDistance(expiresAt, now)}, request ${requestId}${ofApplication(issuer, isOutdated)}`,
        )),
    `  next mail: ${wait}`,
    ...(timeline.length === 0 ? ['  nothing has happened yet'] : timeline.map(describeEvent)),
  ].join('\n');
}

function whatLives(code: UserStatus['liveLinks'][number]['code']): string {
  if (code === undefined) return 'live link';
  const { way, triesLeft, isTyped } = code;
  const tries = triesLeft === 0 ? 'without tries left' : `with ${plural(triesLeft, 'try', 'tries')} left`;
  if (way === 'aloud') return isTyped ? 'code typed, waiting for the new password' : `live code ${tries}`;
  return isTyped ? 'live link, its code typed' : `live link and code ${tries}`;
}

function ofApplication(issuer: string | undefined, isOutdated = false): string {
  const changed = isOutdated
    ? ', which accepts it although the password or the address has changed since'
    : '';
  return issuer === undefined ? '' : `\n    the application's own (${issuer})${changed}`;
}
