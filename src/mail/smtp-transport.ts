import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { SmtpUrl } from '../config/mail-url.ts';
import { ResetError } from '../errors.ts';
import type { Clock } from '../types.ts';
import type { Message } from './message.ts';
import { toMailData } from './mail-data.ts';
import type { Accepted, Timeouts, Transport } from './transport-contract.ts';

/** Set on an error once the whole body was handed over: the server may have taken the mail. */
export const bodySent = Symbol('body sent');

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

async function createPool(url: SmtpUrl, connections: number, timeouts: Partial<Timeouts>) {
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

/** Tells of each mail whether its whole body was read off to the server. */
function watchBodies(pool: Pool): WeakSet<object> {
  const finished = new WeakSet<object>();
  pool.use('stream', (mail, done) => {
    const open = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (options) =>
      open(options).once('end', () => finished.add(mail.data.headers as object));
    done();
  });
  return finished;
}

/** A pool of connections to one SMTP server; the first mail opens the first of them. */
export function openSmtp(
  url: SmtpUrl,
  connections: number,
  clock: Clock,
  timeouts: Partial<Timeouts> = {},
): Transport {
  let opening: Promise<{ pool: Pool; finished: WeakSet<object> }> | undefined;
  const open = () =>
    (opening ??= createPool(url, connections, timeouts).then((pool) => ({
      pool,
      finished: watchBodies(pool),
    })));
  return {
    async send(message: Message): Promise<Accepted> {
      const { pool, finished } = await open();
      const data = toMailData(message, clock.now());
      try {
        const info = await pool.sendMail(data);
        return { reply: info.response, messageId: message.messageId };
      } catch (error) {
        if (typeof error === 'object' && error !== null && finished.has(data.headers)) {
          Object.assign(error, { [bodySent]: true });
        }
        throw error;
      }
    },
    async verify() {
      await (await open()).pool.verify();
      return { reply: `${url.host}:${url.port} answers` };
    },
    async close() {
      (await opening)?.pool.close();
    },
  };
}
