import { randomUUID } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { App } from '../app.ts';
import { required } from '../app.ts';
import type { RequestQueue } from '../flows/visitors/request-queue.ts';
import { addAccessLog } from './access-log.ts';
import { answerExpectations, clientErrorHandler } from './early-errors.ts';
import { limitConnections, refusePipelines, type SendAway } from './connections.ts';
import { addErrorHandler } from './error-handler.ts';
import { addGuards, refuseOtherMethods } from './guards.ts';
import { BODY_LIMIT, KEEP_ALIVE_MS, registerLimits, SOCKET_LIMITS } from './limits.ts';
import { createPasswordGate } from './new-password.ts';
import { createPages } from './pages.ts';
import { createPublicPath } from './public-path.ts';
import { addAssetRoutes } from './routes/assets.ts';
import { addCodeAction, addCodeRoutes } from './routes/code.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addRequestRoutes } from './routes/request.ts';
import { addResetAction, addResetPages } from './routes/reset.ts';
import { readSecurityHeaders } from './security-headers.ts';
import { trustedProxies, warnOfProxies } from './trust-proxy.ts';
import { CODE_PASSWORD_PATH, CODE_PATH, REQUEST_PATH, RESET_PATH } from '../values/page-paths.ts';

export interface ServerOptions {
  /** takes what people type on the request page */
  readonly queue: RequestQueue;
}

const READ = ['GET', 'HEAD'] as const;
const READ_AND_POST = [...READ, 'POST'] as const;

/**
 * Plugins and routes; does not listen. Everything slow or breakable (templates, logo, key, users) is opened here,
 * so that a broken set-up ends the start and not the first visit. Throws config_invalid, database_unavailable.
 */
export async function createServer(app: App, { queue }: ServerOptions): Promise<FastifyInstance> {
  const { config, log } = app;
  const baseUrl = new URL(required(config, 'baseUrl', config.baseUrl));
  const { pathTo, toRoute } = createPublicPath(baseUrl.href);
  const [renderer, headers] = await Promise.all([
    app.renderer(),
    readSecurityHeaders({ isHttps: baseUrl.protocol === 'https:' }),
    app.keyring(),
    app.users(),
  ]);

  const hasLogo = config.brand.logo !== undefined;
  const pages = createPages({ config, renderer, headers, pathTo, hasLogo });
  const isTrusted = trustedProxies(config.server.trustProxy);
  const server = Fastify({
    logger: false, // our own handler never sees a URL
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: isTrusted,
    bodyLimit: BODY_LIMIT,
    rewriteUrl: (request) => toRoute(request.url),
    routerOptions: { maxParamLength: SOCKET_LIMITS.maxHeaderSize },
    return503OnClosing: false, // a restart drops no request, and Fastify's answer would lack our headers
    requestTimeout: SOCKET_LIMITS.requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: SOCKET_LIMITS,
    clientErrorHandler: clientErrorHandler({ headers: headers.plain, body: pages.bareError, log }),
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      void reply.headers({ ...headers.plain, 'x-request-id': request.id });
      void reply.code(400).type('text/html; charset=utf-8').send(pages.bareError);
    },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  const sendAway = limitConnections(server.server, {
    isTrusted: (address) => isTrusted !== false && isTrusted(address),
    log,
  });
  watchPipelines(server.server, sendAway);
  answerExpectations(server.server, BODY_LIMIT);

  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers.plain).header('x-request-id', request.id);
    done();
  });
  closeAnswersOnClose(server);
  addAccessLog(server, log);
  warnOfProxies(server, log, isTrusted);
  addErrorHandler(server, pages, log);
  addGuards(server, pages, baseUrl.origin);
  server.removeAllContentTypeParsers();
  await server.register(formbody);

  addHealthRoutes(server, app, queue);
  await addAssetRoutes(server, renderer, config.brand);
  await server.register(async (scope) => {
    await registerLimits(scope, { name: 'guess' });
    addResetPages(scope, { app, pages, pathTo });
  });
  await server.register(async (scope) => {
    await registerLimits(scope, { name: 'guess', app });
    const gate = createPasswordGate();
    addResetAction(scope, { app, pages, pathTo, gate });
    addCodeAction(scope, { app, pages, pathTo, gate });
  });
  await server.register(async (scope) => {
    await registerLimits(scope, { name: 'code', app });
    addCodeRoutes(scope, { app, pages, pathTo });
  });
  await server.register(async (scope) => {
    await registerLimits(scope, { name: 'request', app });
    addRequestRoutes(scope, { pages, queue, pathTo });
  });
  refuseOtherMethods(server, {
    '/healthz': READ,
    '/readyz': READ,
    '/style.css': READ,
    '/script.js': READ,
    '/favicon.ico': READ,
    ...(hasLogo && { '/logo': READ }),
    '/.well-known/change-password': READ,
    [REQUEST_PATH]: READ_AND_POST,
    [`${REQUEST_PATH}/sent`]: READ,
    [CODE_PATH]: READ_AND_POST,
    [CODE_PASSWORD_PATH]: READ_AND_POST,
    [`${RESET_PATH}/:token`]: READ_AND_POST,
    [`${RESET_PATH}/done`]: READ,
  });
  return server;
}

/** Fastify's own handler, behind ours. */
function watchPipelines(server: Server, sendAway: SendAway): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  for (const handle of handlers) server.on('request', refusePipelines(handle, sendAway));
}

/** While the server closes, answers ask clients to open a new connection. */
function closeAnswersOnClose(server: FastifyInstance): void {
  let isClosing = false;
  server.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
}
