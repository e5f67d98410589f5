import type { SendResult } from '../../flows/links/send-reset.ts';
import { timeAndDistance } from '../../values/instant.ts';
import { labelReply } from '../../values/mail-reply.ts';
import { describeUnsent } from '../person/mail-wait.ts';

/** How one mail with a link went, a line for each fact. `now` in milliseconds. */
export function sentText({ email, status, expiresAt, reply, requestId }: SendResult, now: number): string[] {
  const until = expiresAt === undefined ? '' : ` The link works until ${timeAndDistance(expiresAt, now)}.`;
  const said = reply === undefined ? [] : [`  ${labelReply(reply)}`];
  const outcome = status === 'sent' ? `Sent to ${email}.${until}` : describeUnsent(status, email);
  return [outcome, ...said, `  request ${requestId}`];
}
