import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { EndResult } from '../../flows/access/end-access.ts';
import { endWithLink, planEndWithLink, type EndWithLinkRequest } from '../../flows/access/end-with-link.ts';
import type { AccessKind } from '../../flows/access/kinds.ts';
import { sendNotice } from '../../flows/links/send-notice.ts';
import { deliveryError, followReset } from '../../flows/links/send-reset.ts';
import { nameUser } from '../../values/name-user.ts';
import { beyondOf, linesOf } from '../person/ended-lines.ts';
import type { Context } from '../command/context.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { leavingText, withMailWait } from '../person/mail-wait.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import { assertAnswerable } from '../terminal/ask.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';
import type { SendOptions } from './send-options.ts';
import { sentText } from './sent-text.ts';

/** `reset send EMAIL --end KIND,…`: shows what would end, asks, ends it with the old password, and mails the link. */
export async function sendWithEnd(
  context: Context,
  emails: readonly string[],
  { id, username, force = false, ticket, yes = false, dryRun = false, forceProtected = false }: SendOptions,
  kinds: readonly AccessKind[],
): Promise<number> {
  const target = identifierFrom(emails, { id, username });
  assertAnswerable(context.ask, { yes, dryRun });
  return withApp(context, { needed: dryRun ? ['database'] : TO_SEND }, async ({ app }) => {
    const terms = { kinds, actor: { ...app.operator, ticket }, forceProtected };
    const plan = await forUser(context, app, target, (identifier) =>
      planEndWithLink(app, { ...terms, identifier }),
    );
    if (dryRun) {
      const { userId, email, ended, left } = plan;
      context.output.result({ email, userId, status: 'planned', locked: true, ended, left }, planText(plan));
      return 0;
    }
    await warnOfNativeLinks(context, app);
    if (!yes) await confirm(context, plan);
    const identifier = { id: plan.userId };
    return carryOut(context, app, { ...terms, identifier, bucket: force ? null : 'operator' });
  });
}

async function carryOut(context: Context, app: App, request: EndWithLinkRequest): Promise<number> {
  const { output } = context;
  const { user, requestId, ended } = await endWithLink(app, request);
  const { bucket } = request;
  const result = await withMailWait(context, app, leavingText({ email: user.email }), (onAttempt) =>
    followReset(app, { user, requestId }, { bucket, onAttempt }),
  );
  const notice = await sendNotice(app, ended.requestId);
  const row = { ...result, locked: true, ended: ended.ended, left: ended.left };
  output.result(
    { ...row, ...(notice === undefined ? {} : { notice }) },
    [
      ...sentText(result, app.clock.now()),
      '  the old password no longer works; ended with it:',
      ...linesOf(ended),
    ],
    result.status === 'sent' ? 'ok' : 'bad',
  );
  for (const beyond of beyondOf(ended)) output.warn(beyond);
  if (notice !== undefined) output.warn(notice);
  const error = deliveryError(result, app.route);
  if (error) throw error;
  return 0;
}

const planText = (plan: EndResult): string[] => [
  `would end for ${nameUser(plan)}, together with the old password, and mail a link:`,
  ...linesOf(plan),
];

async function confirm({ ask, output }: Context, plan: EndResult): Promise<void> {
  output.info([`${nameUser(plan)} would lose the old password, and with it:`, ...linesOf(plan)]);
  if (await ask.confirm('End this, and mail a link for a new password?', false)) return;
  throw new ResetError('usage_invalid', 'Nothing was ended or sent.');
}
