import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import { networkOf } from '../values/network.ts';

// R62. A browser opens six, an office behind one address some dozens; a proxy in front is named in trustProxy.
export const MAX_CONNECTIONS = 2000;
export const MAX_CONNECTIONS_OF_ONE = 250;
/** With those of a proxy, which are not counted: what the memory is for. */
const MOST_OF_ALL = 4000;
/** Browsers and proxies wait for an answer before they send the next request on a connection. */
const MAX_UNANSWERED = 4;
/** For this long, nothing is read from an address that did not wait. */
const NOT_HEARD_MS = 1000;
const MOST_NOT_HEARD = 10_000;
const SAY_AGAIN_MS = 60_000;

export interface ConnectionLimits {
  /** a proxy of the operator's brings everybody's connections */
  readonly isTrusted: (address: string) => boolean;
  readonly log: Log;
  /** connections at a time */
  readonly max?: number;
  /** connections that one address may hold at a time */
  readonly perAddress?: number;
  /** how long new connections of an address that was sent away are closed unread */
  readonly notHeardMs?: number;
}

/** Closes a connection that breaks the rules. */
export type SendAway = (socket: Socket) => void;

/**
 * One client alone can't use up all connections, and neither can many: when there are too many, the address with the most
 * loses its oldest one, best one that waits for a request. The function it returns closes a connection and, unless one of
 * the operator's proxies brought it, all others from that address that have had no answer yet; for a second, new ones are
 * closed unread.
 */
export function limitConnections(
  server: Server,
  {
    isTrusted,
    log,
    max = MAX_CONNECTIONS,
    perAddress = MAX_CONNECTIONS_OF_ONE,
    notHeardMs = NOT_HEARD_MS,
  }: ConnectionLimits,
): SendAway {
  server.maxConnections = MOST_OF_ALL;
  const held = createHeld();
  const refuse = createRefusal(log, perAddress);
  const silenced = createSilenced(notHeardMs);
  /** undefined: brought by a proxy; a Unix socket is the proxy's, too */
  const visitorsNetwork = ({ remoteAddress }: Socket): string | undefined =>
    remoteAddress === undefined || isTrusted(remoteAddress) ? undefined : networkOf(remoteAddress);

  server.on('connection', (socket) => {
    const network = visitorsNetwork(socket);
    if (network === undefined) return;
    if (silenced.has(network)) return void socket.destroy();
    if (held.countOf(network) >= perAddress) {
      refuse(socket, network);
      return;
    }
    if (held.count() >= max) held.takeOldest()?.destroy();
    held.add(network, socket);
    socket.once('close', () => {
      held.remove(network, socket);
    });
  });

  return (socket) => {
    const network = visitorsNetwork(socket);
    socket.destroy();
    if (network === undefined) return;
    silenced.add(network);
    for (const other of held.of(network)) if (other.bytesWritten === 0) other.destroy();
  };
}

/** Connections by network, the oldest first. */
function createHeld() {
  const held = new Map<string, Set<Socket>>();
  let total = 0;

  function remove(network: string, socket: Socket): void {
    const sockets = held.get(network);
    if (sockets?.delete(socket) !== true) return;
    total -= 1;
    if (sockets.size === 0) held.delete(network);
  }

  return {
    count: () => total,
    countOf: (network: string) => held.get(network)?.size ?? 0,
    of: (network: string): Iterable<Socket> => held.get(network) ?? [],
    add(network: string, socket: Socket): void {
      held.set(network, (held.get(network) ?? new Set()).add(socket));
      total += 1;
    },
    remove,
    /** one of the network that has the most */
    takeOldest(): Socket | undefined {
      let largest: readonly [string, ReadonlySet<Socket>] = ['', new Set()];
      for (const each of held) if (each[1].size > largest[1].size) largest = each;
      const [network, sockets] = largest;
      const oldest = [...sockets].find((socket) => !isAnswering(socket)) ?? [...sockets][0];
      if (oldest !== undefined) remove(network, oldest);
      return oldest;
    },
  };
}

/** Networks whose new connections are closed unread for `ms`. */
function createSilenced(ms: number) {
  const until = new Map<string, number>();
  return {
    has: (network: string) => (until.get(network) ?? 0) > performance.now(),
    add(network: string): void {
      if (until.size >= MOST_NOT_HEARD) until.clear();
      until.set(network, performance.now() + ms);
    },
  };
}

/** Says it once a minute. */
function createRefusal(log: Log, perAddress: number): (socket: Socket, network: string) => void {
  let saidAt = -Infinity;
  return (socket, network) => {
    socket.destroy();
    const now = performance.now();
    if (now - saidAt < SAY_AGAIN_MS) return;
    saidAt = now;
    const message = `More than ${perAddress} connections at a time come from one address. If it is your proxy, name it in server.trustProxy.`;
    log.warn('connections_refused', { ip: network, message });
  };
}

/** Node keeps the answer under way there. */
const isAnswering = (socket: Socket): boolean =>
  (socket as { _httpMessage?: unknown })._httpMessage !== undefined &&
  (socket as { _httpMessage?: unknown })._httpMessage !== null;

/**
 * A handler for requests that come one after another on a connection. Thousands in one packet would all be begun before
 * anybody else's is looked at; such a connection is closed, as HTTP allows (RFC 9112, 9.3.2). Node parses the packet to
 * its end nevertheless: dozens of such connections, made again and again, would take all of its time.
 */
export function refusePipelines(handle: RequestListener, sendAway: SendAway): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const count = (unanswered.get(socket) ?? 0) + 1;
    if (count > MAX_UNANSWERED) {
      sendAway(socket);
      return;
    }
    unanswered.set(socket, count);
    response.once('close', () => {
      unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1);
    });
    handle(request, response);
  };
}
