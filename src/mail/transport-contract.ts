import type { Where } from '../values/network-words.ts';
import type { Message } from './message.ts';

/** What the far side said when it took a mail. */
export interface Accepted {
  /** the server's last reply, or the path of the file */
  readonly reply: string;
  readonly messageId: string;
}

/** How long to wait for an SMTP server. */
export interface Timeouts {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** of silence in the middle of a conversation */
  readonly socketMs: number;
  /** for the answer to a whole mail; `socketMs` where only that is given */
  readonly answerMs: number;
}

/** The way out for mails. Errors are the library's own: call it through `sendMessage`, which says what they mean. */
export interface Transport {
  /** the mail server, for sentences about the network; a folder has none */
  readonly where?: Where;
  send(message: Message): Promise<Accepted>;
  /** Connects, signs in and hangs up, or checks the folder; sends nothing. */
  verify(): Promise<{ readonly reply: string }>;
  /** At most this many connections from now on; a folder has none. */
  limit?(connections: number): void;
  /** Lets deliveries under way finish and closes the idle connections. */
  close(): Promise<void>;
}
