import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import { networkOf } from '../values/network.ts';

// R62. A browser opens six, an office behind one address some dozens; a proxy in front is named in trustProxy.
export const MAX_CONNECTIONS = 2000;
export const MAX_CONNECTIONS_OF_ONE = 250;
/** From here on connections that wait for a next request are closed: somebody may be without one. */
const CROWDED = 1500;
const SAY_AGAIN_MS = 60_000;

export interface ConnectionLimits {
  /** a proxy of the operator's brings everybody's connections */
  readonly isTrusted: (address: string) => boolean;
  readonly log: Log;
  /** connections that one address may hold at a time */
  readonly perAddress?: number;
}

/** One client alone can't use up all connections: everybody else's first ones still get through. */
export function limitConnections(
  server: Server,
  { isTrusted, log, perAddress = MAX_CONNECTIONS_OF_ONE }: ConnectionLimits,
): void {
  server.maxConnections = MAX_CONNECTIONS;
  const held = new Map<string, number>();
  let total = 0;
  let saidAt = -Infinity;

  function refuse(socket: Socket, network: string): void {
    socket.destroy();
    const now = performance.now();
    if (now - saidAt < SAY_AGAIN_MS) return;
    saidAt = now;
    const message = `More than ${perAddress} connections at a time come from one address. If it is your proxy, name it in server.trustProxy.`;
    log.warn('connections_refused', { ip: network, message });
  }

  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isTrusted(remoteAddress)) return; // a Unix socket is the proxy's, too
    const network = networkOf(remoteAddress);
    const count = held.get(network) ?? 0;
    if (count >= perAddress) {
      refuse(socket, network);
      return;
    }
    held.set(network, count + 1);
    total += 1;
    if (total > CROWDED) server.closeIdleConnections();
    socket.once('close', () => {
      const left = (held.get(network) ?? 1) - 1;
      if (left === 0) held.delete(network);
      else held.set(network, left);
      total -= 1;
    });
  });
}
