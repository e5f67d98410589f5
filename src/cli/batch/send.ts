import { deliveryError, sendReset } from '../../flows/links/send-reset.ts';
import type { Command } from '../command/context.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { leavingText, withMailWait } from '../person/mail-wait.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import type { SendOptions } from './send-options.ts';
import { isSingle } from './is-single.ts';
import { sentText } from './sent-text.ts';
import { warnOfNativeLinks } from '../command/warn-of-native-links.ts';

/** What goes with `--end` for one person. */
const OF_END = ['end', 'dryRun', 'forceProtected'];

/** `reset send`: one recipient, whose mail is waited for; or several, as a batch. */
export const send: Command<SendOptions> = async (context, emails, options) => {
  if (options.end !== undefined && isSingle(emails, options, OF_END)) {
    const [{ kindsOf }, { sendWithEnd }] = await Promise.all([
      import('./send-options.ts'),
      import('./send-with-end.ts'),
    ]);
    return sendWithEnd(context, emails, options, kindsOf(options.end));
  }
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
    context.output.result(result, sentText(result, app.clock.now()), result.status === 'sent' ? 'ok' : 'bad');
    const error = deliveryError(result, app.route);
    if (error) throw error;
    return 0;
  });
};
