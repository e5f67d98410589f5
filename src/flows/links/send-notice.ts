import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { isResetError } from '../../errors.ts';
import { findMessages } from '../../outbox/find-messages.ts';
import { isDatabaseAway } from '../delivery/retry-while-away.ts';
import { deliverNow, waysOut } from './send-reset.ts';
import { quoteReply } from '../../values/mail-reply.ts';
import { programName } from '../../values/program-name.ts';

const NO_NOTICE = 'No notice was sent: the application has no e-mail address of this user.';

/**
 * Deliver the notice that a change queued, now; null: it queued none, for want of an address. Gives undefined when it went out, else why not in words: the reset
 * itself stands, and the notice stays queued for a worker where a retry can help.
 */
export async function sendNotice(
  app: App,
  requestId: string | null,
  onAttempt?: (attempt: number) => void,
): Promise<string | undefined> {
  if (requestId === null) return NO_NOTICE;
  try {
    const messages = await findMessages(app.ledger, requestId);
    if (!messages.some(({ kind }) => kind !== 'reset')) return NO_NOTICE;
    const message = await deliverNow(app, requestId, onAttempt);
    if (message.state === 'sent') return undefined;
    const said = message.reply === null ? '' : ` ${quoteReply(message.reply)}`;
    return message.state === 'queued'
      ? `The notice to the user is still queued.${said} ${waysOut(app.route)}`
      : `The notice to the user was not delivered (${message.reason ?? message.state}).${said}`;
  } catch (error) {
    const explained = explainError(error);
    if (isDatabaseAway(explained))
      return `The notice to the user is still queued, because the database went away in the meantime. ${programName} worker will send it.`;
    if (!isResetError(explained)) throw error;
    return `The notice to the user is still queued: ${explained.message}`;
  }
}
