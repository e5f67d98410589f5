import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../log.ts';
import type { Headers } from './security-headers.ts';

export interface EarlyErrorOptions {
  readonly headers: Headers;
  /** a whole page */
  readonly body: string;
  readonly log: Log;
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers to anything that is not an HTTP request: it never reaches a route, and still gets our headers. */
export function clientErrorHandler(options: EarlyErrorOptions): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
    const status = STATUS_OF[code] ?? 400;
    const requestId = randomUUID();
    options.log.info('http_malformed', { requestId, status, code, ip: socket.remoteAddress ?? 'local' });
    if (!hasBegunAnswer(socket)) socket.write(answer(status, requestId, options));
    socket.destroySoon();
  };
}

/** Something is half sent already: more would be read as a part of it. Node looks at the same. */
const hasBegunAnswer = (socket: Socket): boolean =>
  (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent ?? false;

function answer(status: number, requestId: string, { headers, body }: EarlyErrorOptions): string {
  const lines = Object.entries({
    ...headers,
    'x-request-id': requestId,
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

/**
 * A client that asks with `Expect: 100-continue` whether to send a long body gets the refusal right away (R41). Any
 * other `Expect`, which Node would refuse bare, is ignored: the request is answered like any other.
 */
export function answerExpectations(server: Server, bodyLimit: number): void {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    server.emit('request', request, response);
  };
  server.on('checkExpectation', answer);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= bodyLimit) response.writeContinue();
    answer(request, response);
  });
}
