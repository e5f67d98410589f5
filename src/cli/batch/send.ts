import { deliveryError, sendReset, type SendResult } from '../../flows/links/send-reset.ts';
import { timeAndDistance } from '../../values/instant.ts';
import type { Command } from '../command/context.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { describeUnsent, leavingText, withMailWait } from '../person/mail-wait.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import type { SendOptions } from './send-options.ts';
import { isSingle } from './is-single.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';
import { labelReply } from '../../values/mail-reply.ts';

/** `reset send`: one recipient, whose mail is waited for; or several, as a batch. */
export const send: Command<SendOptions> = async (context, emails, options) => {
  if (!isSingle(emails, options)) return (await import('./send-many.ts')).sendMany(context, emails, options);
  const { force = false, ticket, id, username } = options;
  const identifier = identifierFrom(emails, { id, username });
  return withApp(context, { needed: TO_SEND }, async ({ app }) => {
    const actor = { ...app.operator, ticket };
    await warnOfNativeLinks(context, app);
    const result = await forUser(context, app, identifier, (one) =>
      withMailWait(context, app, leavingText(one), (onAttempt) =>
        sendReset(app, { identifier: one, actor, bucket: force ? null : 'operator', onAttempt }),
      ),
    );
    context.output.result(result, toText(result, app.clock.now()), result.status === 'sent' ? 'ok' : 'bad');
    const error = deliveryError(result, app.route);
    if (error) throw error;
    return 0;
  });
};

function toText({ email, status, expiresAt, reply, requestId }: SendResult, now: number): string[] {
  const until = expiresAt === undefined ? '' : ` The link works until ${timeAndDistance(expiresAt, now)}.`;
  const said = reply === undefined ? [] : [`  ${labelReply(reply)}`];
  const outcome = status === 'sent' ? `Sent to ${email}.${until}` : describeUnsent(status, email);
  return [outcome, ...said, `  request ${requestId}`];
}
