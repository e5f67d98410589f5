import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { SmtpUrl } from '../config/mail-url.ts';
import { ResetError } from '../errors.ts';
import type { MailData } from './mail-data.ts';
import type { Timeouts } from './transport-contract.ts';

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

async function createPool({ url, connections, timeouts }: PoolOptions) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    pool: true,
    ...connectionOptions(url, timeouts),
    ...(url.user === undefined || url.password === undefined
      ? {}
      : { auth: { user: url.user, pass: url.password.reveal() } }),
    maxConnections: connections,
    maxMessages: Infinity,
    // Only what not a byte was sent of is sent again by the pool: an idle connection that the server had closed.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

type Pool = Awaited<ReturnType<typeof createPool>>;

/** Tells of each mail whether its whole body was read off to the server. It goes there in one piece: a mail is small. */
async function watchBodies(pool: Pool): Promise<WeakSet<object>> {
  const { writeMime } = await import('./write-mime.ts');
  const finished = new WeakSet<object>();
  pool.use('stream', ({ message, data }, done) => {
    const whole = writeMime(message);
    message.createReadStream = () =>
      inOnePiece(whole).once('end', () => finished.add(data.headers as object));
    done();
  });
  return finished;
}

const inOnePiece = (whole: Buffer): Readable =>
  new Readable({
    read() {
      this.push(whole);
      this.push(null);
    },
  });

/** A pool in this thread. */
export async function openPool(options: PoolOptions): Promise<MailPool> {
  const pool = await createPool(options);
  const finished = await watchBodies(pool);
  return {
    async send(mail) {
      try {
        return (await pool.sendMail(mail)).response;
      } catch (error) {
        if (typeof error === 'object' && error !== null && finished.has(mail.headers)) {
          Object.assign(error, { [bodySent]: true });
        }
        throw error;
      }
    },
    async verify() {
      await pool.verify();
    },
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}
