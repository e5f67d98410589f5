import type { SmtpUrl } from '../config/mail-url.ts';
import { ResetError } from '../errors.ts';
import { NO_SMTPUTF8 } from './classify.ts';
import type { MailData } from './mail-data.ts';
import { openSocket } from './open-socket.ts';

/** How long a server's offer is cached. */
const BELIEVED_MS = 600_000;
const offers = new Map<string, { readonly isOffered: boolean; readonly until: number }>();

/** Domains have an ASCII form; what stands before the @ has none (RFC 6531). */
export const needsSmtpUtf8 = ({ envelope, replyTo }: MailData): boolean =>
  [envelope.from, ...envelope.to, replyTo?.address ?? ''].some((address) => /[^\0-\x7f]/.test(address));

/** Throws a refusal of this mail if the server does not offer SMTPUTF8: it would get bytes it cannot read. */
export async function assertTakesUtf8(url: SmtpUrl, options: Record<string, unknown>): Promise<void> {
  const key = `${url.host}:${url.port}`;
  let offer = offers.get(key);
  if (!offer || offer.until < performance.now()) {
    offer = { isOffered: await askForUtf8(url, options), until: performance.now() + BELIEVED_MS };
    offers.set(key, offer);
  }
  if (offer.isOffered) return;
  throw Object.assign(
    new RefusedByOffer('The mail server does not accept addresses with non-ASCII letters (SMTPUTF8).'),
    { code: NO_SMTPUTF8 },
  );
}

/** Not one of ours: it goes through the same classification as a server's refusal. */
class RefusedByOffer extends Error {}

interface Offering {
  readonly _supportedExtensions?: readonly string[];
}

/** What the server says to EHLO; the library's pool keeps it to itself. */
async function askForUtf8(url: SmtpUrl, options: Record<string, unknown>): Promise<boolean> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection({ ...options, connection: await openSocket(url, 10_000) });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.once('end', () => {
        reject(
          new ResetError('delivery_failed', 'The mail server hung up in the middle of the conversation.'),
        );
      });
      connection.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return (connection as unknown as Offering)._supportedExtensions?.includes('SMTPUTF8') === true;
  } finally {
    connection.quit();
  }
}
