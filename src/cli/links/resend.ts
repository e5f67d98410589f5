import { resendLink } from '../../flows/links/resend-link.ts';
import { deliveryError } from '../../flows/links/send-reset.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { resendOptions } from './declare.ts';
import { timeAndDistance } from '../../values/instant.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { describeUnsent, leavingText, withMailWait } from '../person/mail-wait.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import { programName } from '../../values/program-name.ts';
import { labelReply } from '../../values/mail-reply.ts';

/** `reset resend`: the same live link in another mail. */
export const resend: Command<OptionsOf<typeof resendOptions>> = (
  context,
  emails,
  { force = false, ticket, ...named },
) => {
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: TO_SEND }, async ({ app }) => {
    const actor = { ...app.operator, ticket };
    const result = await forUser(context, app, identifier, (one) =>
      withMailWait(context, app, leavingText(one), (onAttempt) =>
        resendLink(app, { identifier: one, actor, force, onAttempt }),
      ),
    );
    const { email, status, requestId, reply, expiresAt } = result;
    const error = deliveryError(result, app.route);
    context.output.result(
      result,
      [
        error
          ? describeUnsent(status, email)
          : `Sent the same link to ${email} again. It works until ${timeAndDistance(expiresAt ?? app.clock.now(), app.clock.now())}.`,
        ...(reply === undefined ? [] : [`  ${labelReply(reply)}`]),
        `  request ${requestId}`,
      ],
      error ? 'bad' : 'ok',
    );
    if (error) throw error;
    context.output.info(`What happens next: ${programName} status --id ${result.userId}`);
    return 0;
  });
};
