import type { App } from '../app.ts';
import { isResetError } from '../errors.ts';
import { deliverNow } from './send-reset.ts';

/**
 * Deliver the notice that a reset queued, now. Gives undefined when it went out, else why not in words: the reset
 * itself stands, and the notice stays queued for a worker where a retry can help.
 */
export async function sendNotice(app: App, requestId: string): Promise<string | undefined> {
  try {
    const message = await deliverNow(app, requestId);
    if (message.state === 'sent') return undefined;
    const said = message.reply === null ? '' : ` The mail server said: ${message.reply}`;
    return message.state === 'queued'
      ? `The notice to the user is still queued.${said} It goes out with: reset worker`
      : `The notice to the user was not delivered (${message.reason ?? message.state}).${said}`;
  } catch (error) {
    if (!isResetError(error)) throw error;
    return `The notice to the user stays queued: ${error.message}`;
  }
}
