import type { App } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { nameMailServer } from '../../config/mail-server.ts';
import { taggedAddress } from '../../mail/bounce-address.ts';
import type { Message } from '../../mail/message.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { bounceTag } from '../../tokens/bounce-tag.ts';
import { remember } from '../../values/remember.ts';

/** The mail with an envelope sender of its own, so that its bounce finds its row and nobody can make one up. */
export async function withReturnPath(app: App, message: OutboxMessage, mail: Message): Promise<Message> {
  const { bounces } = app.config.mail;
  const isPostmark = sendsByPostmark(app.config);
  if (bounces === undefined && !isPostmark) return mail;
  const tag = bounceTag((await app.keyring()).current, message);
  return {
    ...mail,
    ...(bounces === undefined ? {} : { envelopeFrom: taggedAddress(bounces, tag) }),
    // Postmark replaces envelope sender and Message-ID, and gives back in its events only what this header says:
    // https://postmarkapp.com/support/article/1125-custom-metadata-faq
    headers: isPostmark ? { ...mail.headers, 'X-PM-Metadata-reset': tag } : mail.headers,
  };
}

const sendsByPostmark = ({ mail }: Config): boolean =>
  mail.url !== undefined && leadsToPostmark(mail.url.reveal());

const leadsToPostmark = remember((url) => /\bpostmarkapp\.com\b/.test(nameMailServer(url)), 10);
