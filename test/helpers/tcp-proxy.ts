import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { findFreePort } from './free-port.ts';

export interface TcpProxy {
  /** the same database, reached through the proxy */
  readonly url: string;
  /** the server is gone: every connection breaks, and new ones are refused */
  cut(): Promise<void>;
  /**
   * After this many messages the server is gone: before it gets the last one, or before it can answer.
   * After `awayMs` it is back.
   */
  cutAfter(messages: number, when: 'unsent' | 'unanswered', awayMs?: number): void;
  /** did the moment of `cutAfter` come? */
  readonly isCut: () => boolean;
  /** the server is back, at the same address */
  restore(): Promise<void>;
}

/** Stands between a program and a database server on this machine, so that a test can pull the cable. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const { hostname } = target;
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  let when: 'unsent' | 'unanswered' = 'unsent';
  let isCut = false;
  let awayMs: number | undefined;
  let returning: NodeJS.Timeout | undefined;

  const server = createServer((inner) => {
    const outer = connect(port, hostname);
    for (const socket of [inner, outer]) sockets.add(socket.on('error', () => undefined));
    inner.on('data', (message: Buffer) => {
      left -= 1;
      if (left > 0) outer.write(message);
      else if (when === 'unsent') pull();
      else outer.write(message, () => outer.once('data', pull));
    });
    inner.on('end', () => outer.end()).on('close', () => outer.destroy());
    // What the server says to the last message is not passed on: it came too late.
    outer.on('data', (answer: Buffer) => left > 0 && inner.write(answer));
    outer.on('end', () => inner.end()).on('close', () => inner.destroy());
  });
  const cut = async (): Promise<void> => {
    isCut = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
  };
  const pull = (): void => {
    void cut();
    if (awayMs !== undefined) returning = setTimeout(() => void restore(), awayMs);
  };
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));

  const restore = async (): Promise<void> => {
    clearTimeout(returning);
    left = Number.POSITIVE_INFINITY;
    if (!server.listening) await listen(own);
  };

  await listen(await findFreePort()); // it comes back on the same
  onTestFinished(async () => {
    clearTimeout(returning);
    await cut();
  });
  target.hostname = '127.0.0.1';
  const own = (server.address() as AddressInfo).port;
  target.port = String(own);
  return {
    url: target.href,
    cut,
    cutAfter(messages, moment, away) {
      [left, when, awayMs, isCut] = [messages, moment, away, false];
    },
    isCut: () => isCut,
    restore,
  };
}
