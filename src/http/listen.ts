import type { FastifyInstance } from 'fastify';
import type { App } from '../app.ts';
import { ResetError } from '../errors.ts';
import { deliverContinuously } from '../flows/delivery/deliver-continuously.ts';
import { createRequestQueue } from '../flows/visitors/request-queue.ts';
import { sweepVisits } from '../flows/visitors/sweep-visits.ts';
import { createServer } from './server.ts';
import { listenOnSocket } from './unix-socket.ts';

export interface Listener {
  /** `http://127.0.0.1:8025`, or `unix:PATH` */
  readonly url: string;
  /** Stop accepting, finish requests in progress, process what people typed, deliver what is due. */
  close(): Promise<void>;
}

/** The slowest request is one that waits behind a full hash queue: 64 hashes of a quarter of a second. */
const FINISH_MS = 20_000;
const DELIVER_MS = 5000;
const SWEEP_MS = 600_000;
/** Connections that the kernel takes while we are busy; Node's 511 are one burst. The kernel has a limit of its own. */
const BACKLOG = 4096;

/**
 * The listener with everything that belongs to it: pages, request queue, worker. Throws config_invalid when the
 * address can't be had.
 */
export async function startListener(
  app: App,
  options: { onListening?: (url: string) => void } = {},
): Promise<Listener> {
  const queue = createRequestQueue(app);
  const server = await createServer(app, { queue });
  const url = await listen(server, app);
  const delivery = deliverContinuously(app);
  const sweeping = setInterval(() => void sweepVisits(app), SWEEP_MS);
  app.log.info('listening', { at: url });
  options.onListening?.(url);
  return {
    url,
    async close() {
      clearInterval(sweeping);
      await closeGracefully(server);
      await queue.drain();
      await sweepVisits(app);
      await delivery.stop(DELIVER_MS);
      app.log.info('stopped');
    },
  };
}

async function listen(server: FastifyInstance, { config }: App): Promise<string> {
  const { host, port } = config.server;
  const isAddress = !/^(?:unix|fd):/.test(host);
  try {
    if (host.startsWith('unix:')) return await listenOnSocket(server, host.slice('unix:'.length));
    if (host.startsWith('fd:')) return await listenOnInherited(server, host);
    return await server.listen({ host, port, backlog: BACKLOG });
  } catch (cause) {
    await server.close();
    const { code } = cause as NodeJS.ErrnoException;
    const why = LISTEN_ERRORS[code ?? ''];
    if (why === undefined) throw cause;
    throw new ResetError('config_invalid', `Can't listen on ${host}${isAddress ? `:${port}` : ''}: ${why}`, {
      cause,
    });
  }
}

/**
 * A socket that is open already, as systemd passes it (`fd:3`). It outlives this process: visitors who connect during
 * a restart wait in it for the next one.
 */
async function listenOnInherited(server: FastifyInstance, host: string): Promise<string> {
  const fd = /^fd:(\d{1,3})$/.exec(host)?.[1];
  if (fd === undefined) {
    throw new ResetError(
      'config_invalid',
      `${host} is not an open socket. Behind a systemd socket, use fd:3`,
    );
  }
  await server.ready();
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.server.listen({ fd: Number(fd) }, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
  return host;
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program already listens there. Choose another port with --port, or stop that program.',
  EACCES: 'permission denied. Choose a port above 1023 with --port, or put a proxy in front.',
  EADDRNOTAVAIL: 'this machine has no such address. See --host.',
  ENOTFOUND: 'there is no host of this name. See --host.',
  ENOENT: 'there is no such folder. See --host.',
  EBADF: 'no socket was passed. Start it through the .socket unit.',
  EINVAL: 'what was passed is not a socket. Start it through the .socket unit.',
};

/** Connections that fall idle are closed one after another, so that a browser's open one does not hold up the end. */
async function closeGracefully(server: FastifyInstance): Promise<void> {
  const reaper = setInterval(() => {
    server.server.closeIdleConnections();
  }, 100);
  const deadline = setTimeout(() => {
    server.server.closeAllConnections();
  }, FINISH_MS);
  try {
    await server.close();
  } finally {
    clearInterval(reaper);
    clearTimeout(deadline);
  }
}
