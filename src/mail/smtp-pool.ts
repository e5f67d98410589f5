import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type MimeNode from 'nodemailer/lib/mime-node';
import type { SmtpUrl } from '../config/mail-url.ts';
import { ResetError } from '../errors.ts';
import type { MailData } from './mail-data.ts';
import type { Timeouts } from './transport-contract.ts';
import type { Composed } from './compose-mime.ts';

/** Set on an error once the whole body was handed over: the server may have taken the mail. */
export const bodySent = Symbol('body sent');

/** Connections to one SMTP server, wherever they are kept: in this thread or in one of their own. */
export interface MailPool {
  /** gives the server's last reply */
  send(mail: MailData): Promise<string>;
  verify(): Promise<void>;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly url: SmtpUrl;
  readonly connections: number;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** RFC 5321, 4.5.3.2 lets servers take minutes; an operator at a terminal, and a lease of 30 s, do not. */
const defaults: Timeouts = { connectMs: 10_000, greetingMs: 10_000, socketMs: 20_000 };

function readCa(file: string): string[] {
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new ResetError('config_invalid', `The certificate file ${file} of the mail URL cannot be read.`, {
      cause,
    });
  }
}

/** How one connection to the server is made, whoever makes it. */
export const connectionOptions = (url: SmtpUrl, timeouts: Partial<Timeouts> = {}) => {
  const { connectMs, greetingMs, socketMs } = { ...defaults, ...timeouts };
  return {
    host: url.host,
    port: url.port,
    secure: url.tls === 'wrapped',
    requireTLS: url.tls === 'starttls',
    ignoreTLS: url.tls === 'none',
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(url.caFile === undefined ? {} : { ca: readCa(url.caFile) }),
    },
    connectionTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: socketMs,
    dnsTimeout: connectMs,
  };
};

/** The library's pool, as far as we use it: the transporter around it does more than one recipient needs. */
interface LibraryPool {
  send(
    mail: { readonly message: MimeNode; readonly data: object },
    done: (error: Error | null, info?: { readonly response: string }) => void,
  ): unknown;
  verify(): Promise<unknown>;
  close(): void;
}

async function createPool({ url, connections, timeouts }: PoolOptions): Promise<LibraryPool> {
  const { default: Pool } = await import('nodemailer/lib/smtp-pool');
  return new Pool({
    pool: true,
    ...connectionOptions(url, timeouts),
    ...(url.user === undefined || url.password === undefined
      ? {}
      : { auth: { user: url.user, pass: url.password.reveal() } }),
    maxConnections: connections,
    maxMessages: Infinity,
    // Only what not a byte was sent of is sent again by the pool: an idle connection that the server had closed.
    maxRequeues: 1,
  });
}

/** A pool in this thread. */
export async function openPool(options: PoolOptions): Promise<MailPool> {
  const { composeMime } = await import('./compose-mime.ts');
  const pool = await createPool(options);
  return {
    send: (mail) => sendWhole(pool, composeMime(mail)),
    async verify() {
      await pool.verify();
    },
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}

/** In one piece, because a mail is small; an error says whether the piece was read off to the server. */
function sendWhole(pool: LibraryPool, { message, bytes }: Composed): Promise<string> {
  let isBodySent = false;
  message.createReadStream = () => inOnePiece(bytes).once('end', () => (isBodySent = true));
  return new Promise((resolve, reject) => {
    pool.send({ message, data: {} }, (error, info) => {
      if (error) reject(isBodySent ? Object.assign(error, { [bodySent]: true }) : error);
      else resolve(info?.response ?? '');
    });
  });
}

const inOnePiece = (bytes: Buffer): Readable =>
  new Readable({
    read() {
      this.push(bytes);
      this.push(null);
    },
  });
