import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorPage, Pages } from './pages.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** the methods of this path: anything else is answered with 405 */
    allow?: string;
  }
}

const FORM = /^application\/x-www-form-urlencoded(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i;

/** Refusals that need no body: they come before one is read. `origin`: that of `baseUrl`. */
export function addGuards(server: FastifyInstance, pages: Pages, origin: string): void {
  server.addHook('onRequest', (request, reply, done) => {
    const refusal = findRefusal(request, reply, origin);
    if (refusal === undefined) done();
    else pages.sendError(request, reply, refusal);
  });
}

function findRefusal(request: FastifyRequest, reply: FastifyReply, origin: string): ErrorPage | undefined {
  if (request.is404) return { status: 404, errorKey: 'error_not_found', wayOn: 'new-link' };
  const { allow } = request.routeOptions.config;
  if (allow !== undefined) {
    reply.header('allow', allow);
    return { status: 405, errorKey: 'error_neutral', wayOn: 'retry' };
  }
  if (request.method !== 'POST') return undefined;
  if (isFromElsewhere(request, origin)) return { status: 403, errorKey: 'error_forbidden', wayOn: 'retry' };
  if (!isPlainForm(request)) return { status: 415, errorKey: 'error_neutral', wayOn: 'retry' };
  return undefined;
}

/** As browsers send it: a compressed body would be read as if it were not compressed. */
const isPlainForm = ({ headers }: FastifyRequest): boolean =>
  FORM.test(headers['content-type'] ?? '') && (headers['content-encoding'] ?? 'identity') === 'identity';

/**
 * R59: `Sec-Fetch-Site` decides where it is present. Without it, an `Origin` must be ours. With neither, it is a
 * client without ambient authority, such as curl.
 */
function isFromElsewhere({ headers }: FastifyRequest, origin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && headers.origin !== 'null' && headers.origin !== origin;
}

/** Answer every other method of these paths with 405. TRACE and OPTIONS are among them (R61). */
export function refuseOtherMethods(
  server: FastifyInstance,
  paths: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [url, allowed] of Object.entries(paths)) {
    server.route({
      method: server.supportedMethods.filter((method) => !allowed.includes(method)),
      url,
      config: { allow: allowed.join(', ') },
      handler: (_request, reply) => reply, // never reached: the guard has answered
    });
  }
}
