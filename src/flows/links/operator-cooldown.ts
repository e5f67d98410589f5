import type { App } from '../../app.ts';
import { detailsOf, ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import { ago } from '../../values/instant.ts';
import { isServerReply, quoteReply } from '../../values/mail-reply.ts';
import { nameUser } from '../../values/name-user.ts';
import { mailsOf, type MailFacts } from '../history/mails-of.ts';

/**
 * Counts a mail that an operator asks for. The error throttled says what happened to the previous mail, because a
 * person whose first mail did not arrive needs a second one most.
 */
export async function consumeForOperator(app: App, user: User): Promise<void> {
  const throttle = await app.throttle();
  try {
    await throttle.consume('operator', user.id);
  } catch (error) {
    const { retryAfterSeconds } = detailsOf(error, 'throttled');
    const lastMail = retryAfterSeconds === undefined ? undefined : (await mailsOf(app, user.id)).at(-1);
    if (lastMail === undefined || retryAfterSeconds === undefined) throw error;
    const now = app.clock.now();
    const message = `${whatBecameOf(user, lastMail, now)} send another in ${retryAfterSeconds} s, or now with --force.`;
    throw new ResetError('throttled', message, { cause: error, details: { retryAfterSeconds, lastMail } });
  }
}

function whatBecameOf({ id, email }: User, { status, at, reason, reply }: MailFacts, now: number): string {
  const who = nameUser({ userId: id, email });
  const when = ago(at, now);
  const said = reply === null ? '' : ` ${quoteReply(reply)}`;
  const how = reply !== null && isServerReply(reply) ? ' (accepted by the mail server)' : '';
  const waiting = `The mail that was queued for ${who} ${when} has not gone out yet.${said} It is tried again by itself;`;
  const undelivered = `The mail to ${who} was not delivered ${when} (${reason ?? status}).${said} Check the address, then`;
  const words: Readonly<Record<MailFacts['status'], string>> = {
    sent: `${who} was sent a link ${when}${how}. Ask the person to look in the junk folder;`,
    queued: waiting,
    claimed: waiting,
    unknown: `The mail to ${who} may have arrived ${when}: the last answer was lost.${said} Ask the person first;`,
    failed: undelivered,
    bounced: undelivered,
    skipped: undelivered,
  };
  return words[status];
}
