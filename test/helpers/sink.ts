import { createServer, type Socket } from 'node:net';
import { nextPiece } from './smtp-pieces.ts';

/** One mail as the server took it. */
export interface SunkMail {
  readonly to: string;
  /** milliseconds since the epoch, by the sink's own clock */
  readonly at: number;
  readonly messageId: string;
  /** header and body as they came */
  readonly raw: string;
}

export interface SinkOptions {
  /** an answer to RCPT instead of 250, e.g. `450 4.2.1 busy` */
  readonly onRcpt?: (address: string, attempt: number) => string | undefined;
  /** false: the connection is cut when the whole mail was read, before it is answered */
  readonly onData?: (address: string, attempt: number) => boolean;
  /** awaited when a mail was taken, before it is answered */
  readonly beforeAnswer?: () => Promise<void>;
  /** an answer to the greeting instead of 250 */
  readonly onHello?: () => string | undefined;
  readonly keepsRaw?: boolean;
}

export interface Sink {
  readonly url: string;
  readonly mails: readonly SunkMail[];
  close(): Promise<void>;
}

/** A minimal SMTP server: it takes thousands of mails a second and keeps each one. */
export async function startSink(options: SinkOptions = {}, port = 0): Promise<Sink> {
  const mails: SunkMail[] = [];
  const attempts = new Map<string, number>();
  const sockets = new Set<Socket>();
  const count = (address: string): number => {
    const attempt = (attempts.get(address) ?? 0) + 1;
    attempts.set(address, attempt);
    return attempt;
  };
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.setNoDelay(true);
    let text = '';
    let to = '';
    let attempt = 0;
    let isData = false;
    const answer = (line: string) => socket.write(`${line}\r\n`);
    const take = (raw: string) => {
      isData = false;
      if (options.onData?.(to, attempt) === false) return socket.destroy();
      const messageId = /^message-id: *(\S+)/im.exec(raw)?.[1] ?? '';
      mails.push({ to, at: Date.now(), messageId, raw: options.keepsRaw ? raw : '' });
      const answerIt = () => answer('250 2.0.0 taken');
      return options.beforeAnswer ? void options.beforeAnswer().then(answerIt) : answerIt();
    };
    const obey = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO' || verb === 'HELO') return answer(options.onHello?.() ?? '250 sink');
      if (verb === 'QUIT') return socket.end('221 bye\r\n');
      if (verb === 'DATA') {
        isData = true;
        return answer('354 go on');
      }
      if (verb !== 'RCPT') return answer('250 2.0.0 yes');
      to = /<(.*?)>/.exec(line)?.[1] ?? '';
      attempt = count(to);
      return answer(options.onRcpt?.(to, attempt) ?? '250 2.1.5 yes');
    };
    answer('220 sink');
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let next; !socket.destroyed && (next = nextPiece(text, isData)) !== undefined;) {
        const [part, rest] = next;
        text = rest;
        if (isData) take(part);
        else obey(part);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`,
    mails,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
