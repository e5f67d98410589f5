import type { MailUrl } from '../config/mail-url.ts';
import { ResetError } from '../errors.ts';
import { oneLine } from '../values/printable.ts';
import { openSocket } from './open-socket.ts';
import { toDeliveryError } from './send.ts';
import { connectionLogin } from './smtp-login.ts';
import { chooseTimeouts, connectionOptions } from './smtp-pool.ts';
import { whereOf } from './where-of.ts';
import type { Timeouts } from './transport-contract.ts';

export interface Probe {
  readonly from: string;
  readonly to: string;
}

export interface ProbeResult {
  /** what the server said to MAIL FROM and RCPT TO: 2xx it would accept a mail, 4xx not now, 5xx never */
  readonly sender: string;
  readonly recipient: string;
  readonly isEncrypted: boolean;
}

/** The parts of a connection for speaking SMTP by hand; the library has no call for half a conversation (10.6.0). */
interface Conversation {
  _sendCommand(line: string): void;
  readonly _responseActions: ((reply: string) => void)[];
}

type Callback = (error?: Error | null) => void;

/**
 * Signs in and says MAIL FROM and RCPT TO, then hangs up: the server's answers to a mail that is never sent. Throws
 * delivery_failed if the server does not talk to us.
 */
export async function probeRecipient(
  url: Extract<MailUrl, { kind: 'smtp' }>,
  { from, to }: Probe,
  timeouts: Partial<Timeouts> = {},
): Promise<ProbeResult> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const { connectMs } = chooseTimeouts(url, timeouts);
  const login = await connectionLogin(url);
  const socket = await openSocket(url, connectMs).catch((cause: unknown) => {
    throw toDeliveryError(cause, whereOf(url));
  });
  const connection = new Connection({ ...connectionOptions(url, timeouts), connection: socket });
  const broken = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject);
    connection.once('end', () => {
      reject(new ResetError('delivery_failed', 'The mail server hung up in the middle of the conversation.'));
    });
  });
  broken.catch(() => undefined); // it ends in any case
  const wait = (start: (done: Callback) => void) =>
    Promise.race([
      broken,
      new Promise<void>((resolve, reject) => {
        start((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    ]);
  try {
    await wait((done) => {
      connection.connect(done);
    });
    // As in a delivery: a password is only sent where the server asks for it.
    if (login !== undefined && connection.allowsAuth) {
      await wait((done) => {
        connection.login(login, done);
      });
    }
    const talk = connection as unknown as Conversation;
    const ask = (line: string) => Promise.race([broken, say(talk, line)]);
    const sender = await ask(`MAIL FROM:<${from}>`);
    const recipient = sender.startsWith('2') ? await ask(`RCPT TO:<${to}>`) : sender;
    return { sender, recipient, isEncrypted: connection.secure };
  } catch (cause) {
    throw toDeliveryError(cause, whereOf(url));
  } finally {
    connection.quit();
  }
}

const say = (connection: Conversation, line: string): Promise<string> =>
  new Promise((resolve) => {
    connection._responseActions.push((reply) => {
      resolve(oneLine(reply));
    });
    connection._sendCommand(line);
  });
