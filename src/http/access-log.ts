import type { FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { addressOf } from './limits.ts';

/** Health checks and our own files are requested all the time and are not worth logging. */
const QUIET = new Set(['/healthz', '/readyz', '/style.css', '/script.js', '/favicon.ico', '/logo']);

/** One line per answer. It has the route's pattern instead of the address, which may hold a token (R87). */
export function addAccessLog(server: FastifyInstance, log: Log): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    const level = QUIET.has(route) ? 'debug' : 'info';
    log[level]('http_request', {
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ip: addressOf(request),
    });
    done();
  });
}
