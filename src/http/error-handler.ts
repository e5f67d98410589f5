import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { explainError } from '../app.ts';
import { detailsOf, ERRORS, isResetError, type ResetError } from '../errors.ts';
import type { Log } from '../log.ts';
import { bareAddress } from '../values/network.ts';
import type { ErrorPage, Pages, WayOn } from './pages.ts';

/** The database may be back, or the hash queue shorter, after this. */
const RETRY_AFTER_S = 5;

/** ResetError → status and public text; what Fastify refuses → its status and a neutral page; anything else → 500 and a log line. */
export function addErrorHandler(server: FastifyInstance, pages: Pages, log: Log): void {
  server.setErrorHandler((thrown: unknown, request, reply) => {
    const error = explainError(thrown);
    const page = isResetError(error) ? describe(error, reply) : describeForeign(error);
    logError(log, request, page.status, error);
    if (page.status === 429 && isDirect(request)) reply.header('connection', 'close');
    return sendSafely(pages, request, reply, page);
  });
}

/**
 * Node takes one new connection in each turn, and a turn is as long as all connections have requests: whoever comes too
 * often has to queue for a new one. A proxy's connection serves others as well.
 */
const isDirect = ({ ip, socket }: FastifyRequest): boolean =>
  bareAddress(ip) === bareAddress(socket.remoteAddress ?? '');

function describe(error: ResetError, reply: FastifyReply): ErrorPage {
  const { status, publicText: errorKey } = ERRORS[error.code];
  const isBusy = detailsOf(error, 'throttled').busy === true;
  if (error.code === 'throttled' || error.code === 'database_unavailable') {
    const { retryAfterSeconds } = error.details;
    reply.header('retry-after', typeof retryAfterSeconds === 'number' ? retryAfterSeconds : RETRY_AFTER_S);
  }
  if (isBusy) return { status: 503, errorKey: ERRORS.database_unavailable.publicText, wayOn: 'retry' };
  return {
    status,
    errorKey,
    wayOn: wayOnFrom(errorKey),
    hasRequestId: status >= 500,
  };
}

/** A dead link needs another one, unless it has done its work; everything else may go better the next time. */
function wayOnFrom(errorKey: string): WayOn {
  if (errorKey === ERRORS.token_used.publicText) return 'sign-in-or-new-link';
  return /^error_(?:token|code)_/.test(errorKey) ? 'new-link' : 'retry';
}

/** Only a status that stands for the client's mistake is believed; the words are never shown (R61). */
function describeForeign(error: unknown): ErrorPage {
  const { statusCode } = error as Partial<FastifyError>;
  const isClients = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isClients
    ? { status: statusCode, errorKey: 'error_neutral', wayOn: 'retry' }
    : { status: 500, errorKey: 'error_neutral', wayOn: 'retry', hasRequestId: true };
}

function logError(log: Log, request: FastifyRequest, status: number, error: unknown): void {
  const requestId = request.id;
  if (!isResetError(error)) {
    if (status < 500) return; // the access log says it
    log.error('http_fault', { requestId, stack: error instanceof Error ? error.stack : String(error) });
    return;
  }
  const { reason } = error.details;
  const facts = { requestId, code: error.code, reason: typeof reason === 'string' ? reason : undefined };
  if (status < 500) log.info('http_refused', facts);
  else log.error('http_failed', { ...facts, message: error.message });
}

/** A page of the operator's that breaks over its data must not end in Fastify's own answer, which repeats the error. */
function sendSafely(
  pages: Pages,
  request: FastifyRequest,
  reply: FastifyReply,
  page: ErrorPage,
): FastifyReply {
  if (request.isErrorSent === true)
    return reply.code(page.status).type('text/html; charset=utf-8').send(pages.bareError);
  request.isErrorSent = true;
  return pages.sendError(request, reply, page);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** an error page of this request has been tried once */
    isErrorSent?: boolean;
  }
}
