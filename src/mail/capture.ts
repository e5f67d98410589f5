import type { AddressInfo } from 'node:net';
import type { SMTPServerDataStream } from 'smtp-server';
import { ResetError } from '../errors.ts';
import type { ReadMail } from './read-mail.ts';
import { parseMail } from './read-mail.ts';

/** One mail as the server took it. */
export interface CapturedMail extends ReadMail {
  /** what was said in the conversation, which decides who gets a mail */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly source: Buffer;
}

export interface CaptureOptions {
  /** called before the server says that it has the mail */
  readonly onMail?: (mail: CapturedMail) => Promise<void>;
}

/** A mail server of our own. */
export interface Capture {
  /** `smtp://127.0.0.1:PORT` */
  readonly url: string;
  /** The first mail that matches, of those that came and those to come. Throws delivery_failed after `timeoutMs`. */
  waitFor(matches: (mail: CapturedMail) => boolean, timeoutMs: number): Promise<CapturedMail>;
  close(): Promise<void>;
}

/** A real SMTP server on loopback that keeps what it gets: for `demo` and `smoke`. */
export async function startCapture({ onMail }: CaptureOptions = {}): Promise<Capture> {
  const { SMTPServer } = await import('smtp-server');
  const mails: CapturedMail[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], // nobody else can reach it, and TLS would need a certificate
    disableReverseLookup: true,
    closeTimeout: 1000,
    onData(stream, { envelope }, done) {
      const take = async () => {
        const source = await readAll(stream);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        const mail = { ...(await parseMail(source)), envelope: { from, to }, source };
        await onMail?.(mail);
        mails.push(mail);
        for (const look of [...waiting]) look();
      };
      take().then(() => {
        done();
      }, done);
    },
  });
  server.on('error', () => undefined); // errors of single connections; the sending side reports them
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    waitFor: (matches, timeoutMs) =>
      new Promise((resolve, reject) => {
        const end = () => {
          waiting.delete(look);
          clearTimeout(timer);
        };
        const look = () => {
          const found = mails.find(matches);
          if (found === undefined) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => {
          end();
          reject(new ResetError('delivery_failed', `The mail did not arrive within ${timeoutMs / 1000} s.`));
        }, timeoutMs);
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
