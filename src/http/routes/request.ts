import { isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { RequestQueue } from '../../flows/visitors/request-queue.ts';
import { networkOf } from '../../values/network.ts';
import { ADDRESS_LIMITS, addressOf, tooMany, WIDE_LIMITS } from '../limits.ts';
import { createWindow } from '../window.ts';
import type { Pages } from '../pages.ts';
import { CODE_PATH, REQUEST_PATH } from '../../values/page-paths.ts';

export interface RequestRouteOptions {
  readonly pages: Pages;
  readonly queue: RequestQueue;
  readonly pathTo: (path: string) => string;
}

const SENT = `${REQUEST_PATH}/sent`;

// R60: one scalar text and nothing else. Whether it is an address, and whose, is found out behind the queue.
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['email'],
  properties: { email: { type: 'string', maxLength: 254, pattern: '^[^\\u0000]*$' } },
} as const;

/** Ask for a link. Everybody gets the same answer, before anything was looked up (R43, R45). */
export function addRequestRoutes(
  server: FastifyInstance,
  { pages, queue, pathTo }: RequestRouteOptions,
): void {
  const ofSlash48 = createWindow(WIDE_LIMITS.ofSlash48, WIDE_LIMITS.ms);
  const ofEverybody = createWindow(WIDE_LIMITS.ofEverybody, WIDE_LIMITS.ms);

  server.get('/.well-known/change-password', (_request, reply) => reply.redirect(pathTo(REQUEST_PATH), 303));

  server.get(REQUEST_PATH, (request, reply) =>
    pages.send(request, reply, 'request', { formAction: pathTo(REQUEST_PATH), codePath: pathTo(CODE_PATH) }),
  );

  server.get(SENT, (request, reply) =>
    pages.send(request, reply, 'sent', { requestPath: pathTo(REQUEST_PATH) }),
  );

  server.post<{ Body: { email: string } }>(
    REQUEST_PATH,
    { schema: { body }, config: { rateLimit: ADDRESS_LIMITS.requests } },
    (request, reply) => {
      const ip = addressOf(request);
      const waitMs = (isIPv6(ip) ? ofSlash48.count(networkOf(ip, 48)) : undefined) ?? ofEverybody.count('');
      if (waitMs !== undefined) throw tooMany(waitMs);
      queue.add({ email: request.body.email, ip, requestId: request.id });
      return reply.redirect(pathTo(SENT), 303);
    },
  );
}
