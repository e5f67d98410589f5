import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { App } from '../app.ts';
import { ResetError } from '../errors.ts';
import { bareAddress } from '../values/network.ts';

/** R41: refused before it is read. The largest honest body is two passwords of 4,096 bytes, percent-encoded. */
export const BODY_LIMIT = 16 * 1024;

// R62. A phone with a bad connection sends its headers within seconds; a client that needs longer is holding sockets
// open.
export const SOCKET_LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1000,
  // Node would answer a missing Host or an odd Expect by itself, without our headers; the Host never matters here.
  requireHostHeader: false,
} as const;
// Longer than the minute for which load balancers keep theirs: the side that gets the requests must not close first.
export const KEEP_ALIVE_MS = 75_000;

/** How often one network address may do something: an office behind one address must get through. */
export const ADDRESS_LIMITS = {
  /** typed addresses on the request page */
  requests: { max: 30, timeWindow: 60_000 },
  /** typed codes: each user's are counted besides */
  codes: { max: 30, timeWindow: 60_000 },
  /** links that are not ours: mail programs mutilate a few, never a hundred */
  guesses: { max: 100, timeWindow: 600_000 },
  /** new passwords for dead links: a person tries again a few times, never a hundred times a minute */
  spent: { max: 100, timeWindow: 60_000 },
} as const;

/**
 * Passwords that the rules refuse, by link, in each process: nobody tries three hundred in an hour, and a program that
 * does would keep the rules busy without end.
 */
export const REFUSED_LIMIT = { max: 300, ms: 3_600_000 } as const;

/** Typed addresses in a minute, counted in each process: beyond a network's own limit, and over all networks (R50). */
export const WIDE_LIMITS = { ofSlash48: 300, ofEverybody: 20_000, ms: 60_000 } as const;

/**
 * The visitor's address for counting and for the log, without a port. A value from a proxy that is not an address is
 * ignored; a visitor over a Unix socket has none.
 */
export const addressOf = (request: FastifyRequest): string =>
  bareAddress(request.ip) ?? request.socket.remoteAddress ?? 'local';

export interface LimitOptions {
  /** goes before the address in the counter's name */
  readonly name: string;
  /** counters for all processes, kept over a restart (R51, R53); else in this process alone */
  readonly app?: App;
}

/** Registers the rate limit plugin for the routes of this scope that ask for it. IPv6 counts by /64 (R50). */
export async function registerLimits(scope: FastifyInstance, { name, app }: LimitOptions): Promise<void> {
  await scope.register(rateLimit, {
    global: false,
    cache: 5000, // addresses that are remembered at a time
    keyGenerator: (request) => `${name}:${rateLimit.normalizeIP(addressOf(request))}`,
    errorResponseBuilder: (_request, { ttl }) => tooMany(ttl),
    // What remains of the limit would reveal a visitor's neighbours, and no browser shows it.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': false, // the error handler sets it, as for every throttled
    },
    ...(app && { store: databaseStore(app) }),
  });
}

/** 429: too much from one network address or with one link; never for what one account did (R47). */
export const tooMany = (ttlMs: number): ResetError =>
  new ResetError('throttled', 'Too many requests from one network address or with one link.', {
    details: { retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) },
  });

/** The plugin's counters in the table that all processes share; counting is one atomic statement (R51). */
function databaseStore(app: App) {
  return class Store implements FastifyRateLimitStore {
    incr(
      key: string,
      done: (error: Error | null, result?: { current: number; ttl: number }) => void,
      timeWindowMs: number,
      max: number,
    ): void {
      app
        .throttle()
        .then((throttle) => throttle.count(key, { points: max, seconds: timeWindowMs / 1000 }))
        .then(
          ({ isAllowed, remaining, resetMs }) => {
            done(null, { current: isAllowed ? max - remaining : max + 1, ttl: resetMs });
          },
          (error: unknown) => {
            done(error as Error);
          },
        );
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
