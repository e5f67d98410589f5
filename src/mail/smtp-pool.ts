import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { SmtpUrl } from '../config/mail-url.ts';
import { libraryMessage } from './library-message.ts';
import type { MailData } from './mail-data.ts';
import { assertTakesUtf8, needsSmtpUtf8 } from './smtputf8.ts';
import { openSocket } from './open-socket.ts';
import { poolLogin } from './smtp-login.ts';
import { readAuthorities } from './read-authorities.ts';
import type { Timeouts } from './transport-contract.ts';

/** Set on an error once the whole body was handed over: the server may have taken the mail. */
export const bodySent = Symbol('body sent');

/** Connections to one SMTP server, wherever they are kept: in this thread or in one of their own. */
export interface MailPool {
  /** gives the server's last reply */
  send(mail: MailData): Promise<string>;
  verify(): Promise<void>;
  /** at most this many connections from now on */
  limit(connections: number): void;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly url: SmtpUrl;
  readonly connections: number;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/**
 * An operator at a terminal waits half a minute for a greeting, not the five minutes of RFC 5321, 4.5.3.2. But the
 * answer to a whole mail gets its full ten minutes: giving up earlier sends the mail again.
 */
const defaults: Timeouts = { connectMs: 10_000, greetingMs: 30_000, socketMs: 20_000, answerMs: 600_000 };

/** The options of this URL, then those for all, then the defaults. */
export function chooseTimeouts(url: SmtpUrl, given: Partial<Timeouts> = {}): Timeouts {
  const asked = { ...given, ...url.timeouts };
  const answerMs = asked.answerMs ?? asked.socketMs ?? defaults.answerMs;
  return { ...defaults, ...asked, answerMs };
}

/** How one connection to the server is made, whoever makes it. */
export const connectionOptions = (url: SmtpUrl, given: Partial<Timeouts> = {}) => {
  const { connectMs, greetingMs, socketMs } = chooseTimeouts(url, given);
  return {
    host: url.host,
    port: url.port,
    secure: url.tls === 'wrapped',
    requireTLS: url.tls === 'starttls',
    ignoreTLS: url.tls === 'none',
    ...(url.ehlo === undefined ? {} : { name: url.ehlo }),
    tls: {
      minVersion: 'TLSv1.2' as const,
      // Only on a loopback address (see readTls): nobody is in between, and such servers sign for themselves.
      ...(url.tls === 'offered' ? { rejectUnauthorized: false } : {}),
      ...(url.caFile === undefined ? {} : { ca: readAuthorities(url.caFile) }),
    },
    connectionTimeout: connectMs + greetingMs,
    greetingTimeout: greetingMs,
    // The library counts the wait for the greeting as silence, too: a second later, so that it says what was missing.
    socketTimeout: Math.max(socketMs, greetingMs + 1000),
    dnsTimeout: connectMs,
  };
};

/** The library's pool, as far as we use it: the transporter around it does more than one recipient needs. */
interface LibraryPool {
  readonly options: { maxConnections: number };
  send(
    mail: { readonly message: MimeNode; readonly data: object },
    done: (error: Error | null, info?: { readonly response: string }) => void,
  ): unknown;
  verify(): Promise<unknown>;
  close(): void;
}

async function createPool({ url, connections, timeouts }: PoolOptions): Promise<LibraryPool> {
  const { default: Pool } = await import('nodemailer/lib/smtp-pool');
  const { connectMs } = chooseTimeouts(url, timeouts);
  return new Pool({
    pool: true,
    ...connectionOptions(url, timeouts),
    ...poolLogin(url),
    maxConnections: connections,
    maxMessages: Infinity,
    // The pool only sends a mail again if not one byte of it was sent: the server had closed an idle connection.
    maxRequeues: 1,
    getSocket: (_options: unknown, done: (error: Error | null, socket?: { connection: Socket }) => void) => {
      openSocket(url, connectMs).then((connection) => {
        done(null, { connection });
      }, done);
    },
  });
}

/** A pool in this thread. */
export async function openPool(options: PoolOptions): Promise<MailPool> {
  const { composeMime } = await import('./compose-mime.ts');
  const pool = await createPool(options);
  const timeouts = chooseTimeouts(options.url, options.timeouts);
  return {
    async send(mail) {
      if (needsSmtpUtf8(mail)) await assertTakesUtf8(options.url, connectionOptions(options.url, timeouts));
      return sendWhole(pool, mail, composeMime(mail), timeouts);
    },
    async verify() {
      await pool.verify();
    },
    limit(connections) {
      pool.options.maxConnections = connections;
    },
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}

/** In one piece, because a mail is small; an error says whether the piece was handed to the server's connection. */
function sendWhole(
  pool: LibraryPool,
  mail: MailData,
  bytes: Buffer,
  { socketMs, answerMs }: Timeouts,
): Promise<string> {
  let isBodySent = false;
  let socket: Socket | undefined;
  const message = libraryMessage(mail, () =>
    inOnePiece(bytes, (found) => {
      isBodySent = true;
      socket = found;
      socket?.setTimeout(answerMs); // from here on only the answer to the whole mail is waited for
    }),
  );
  return new Promise((resolve, reject) => {
    pool.send({ message, data: {} }, (error, info) => {
      socket?.setTimeout(socketMs);
      if (error) reject(isBodySent ? Object.assign(error, { [bodySent]: true }) : error);
      else resolve(info?.response ?? '');
    });
  });
}

/** The library pipes into a stream of its own, which leads to the connection (10.6.0). */
interface Piping extends Writable {
  readonly _readableState?: { readonly pipes?: readonly Socket[] };
  unpipe?(from: Socket): unknown;
}

/**
 * All that the library does with the stream of a mail is to pipe it. Where the connection is seen behind the library's
 * stream, the mail goes to it at once: that stream looks at each byte, which takes as long as everything else.
 */
function inOnePiece(bytes: Buffer, onSent: (socket: Socket | undefined) => void): Readable {
  const stream = {
    readableDidRead: false,
    pipe(to: Piping): void {
      stream.readableDidRead = true;
      const [socket] = to._readableState?.pipes ?? [];
      if (typeof socket?.setTimeout !== 'function' || typeof to.unpipe !== 'function') {
        onSent(undefined);
        to.end(bytes);
        return;
      }
      onSent(socket);
      to.unpipe(socket);
      socket.write(asData(bytes));
    },
  };
  return stream as unknown as Readable;
}

const LINE_AND_DOT = Buffer.from('\r\n.');
const DOT = Buffer.from('.');
const END = Buffer.from('.\r\n');

/** RFC 5321, 4.5.2: a dot that begins a line is doubled, and one alone ends the mail. Every line ends with CRLF already. */
function asData(bytes: Buffer): Buffer {
  const pieces: Buffer[] = bytes[0] === DOT[0] ? [DOT] : [];
  let from = 0;
  for (let at = bytes.indexOf(LINE_AND_DOT); at !== -1; at = bytes.indexOf(LINE_AND_DOT, from)) {
    pieces.push(bytes.subarray(from, at + LINE_AND_DOT.length), DOT);
    from = at + LINE_AND_DOT.length;
  }
  return Buffer.concat([...pieces, bytes.subarray(from), END]);
}
