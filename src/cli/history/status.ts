import { localTime, parseSince } from '../../values/instant.ts';
import { systemClock } from '../../create-reset.ts';
import { readPending, type UnfinishedMail } from '../../flows/history/read-pending.ts';
import { readUserStatus } from '../../flows/history/read-status.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { statusOptions } from './declare.ts';
import { describeStatus } from './describe-status.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import { plural } from '../../values/plural.ts';

/** `reset status [email]`: one user's history and how things stand, or everybody's waiting and failed mails. */
export const status: Command<OptionsOf<typeof statusOptions>> = async (
  context,
  emails,
  { since, all = false, ...named },
) => {
  const isOfAll = emails.length === 0 && named.id === undefined && named.username === undefined;
  if (isOfAll) return showPending(context, parseSince(since, systemClock.now()));
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const found = await forUser(context, app, identifier, (one) => readUserStatus(app, one));
    const width = all || !process.stdout.isTTY ? undefined : process.stdout.columns || 80;
    context.output.result(found, describeStatus(found, { now: app.clock.now(), isWhole: all, width }));
    return 0;
  });
};

const showPending = (context: Context, failedSince: number): Promise<number> =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    let count = 0;
    for await (const mail of readPending(app, failedSince)) {
      count += 1;
      const isBad = ['failed', 'unknown', 'bounced'].includes(mail.status);
      context.output.result(mail, pendingText(mail, app.clock.now()), isBad ? 'bad' : 'warn');
    }
    if (count === 0) context.output.info('Nothing is waiting, and nothing failed.');
    return 0;
  });

function pendingText(mail: UnfinishedMail, now: number): string[] {
  const { status: state, kind, userId, attempts, dueAt, requestId, reply } = mail;
  const when = dueAt === null ? '' : `, due ${localTime(dueAt, now)}`;
  const tried = attempts === 0 ? '' : `, ${plural(attempts, 'attempt')}`;
  return [
    `${state} ${kind} of user ${userId}, since ${localTime(mail.queuedAt, now)}${tried}${when}, request ${requestId}`,
    ...(reply === null ? [] : [`  ${reply}`]),
  ];
}
