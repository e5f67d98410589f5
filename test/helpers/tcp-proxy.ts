import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TcpProxy {
  /** the same database, reached through the proxy */
  readonly url: string;
  /** the server is gone: every connection breaks, and new ones are refused */
  cut(): Promise<void>;
}

/** Stands between a program and a database server on this machine, so that a test can pull the cable. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const { hostname } = target;
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const outer = connect(port, hostname);
    for (const socket of [inner, outer]) sockets.add(socket.on('error', () => undefined));
    inner.pipe(outer).pipe(inner);
  });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(cut);
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  return { url: target.href, cut };
}
