import type { FastifyInstance } from 'fastify';
import type { App } from '../../app.ts';
import { checkReady } from '../../flows/visitors/check-ready.ts';

/** For balancers and monitors: does the process answer; does its database? */
export function addHealthRoutes(server: FastifyInstance, app: App): void {
  server.get('/healthz', (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  server.get('/readyz', async (request, reply) => {
    const isReady = await checkReady(app).then(
      () => true,
      (error: unknown) => {
        app.log.error('not_ready', {
          requestId: request.id,
          cause: error instanceof Error ? error.message : 'unknown',
        });
        return false;
      },
    );
    if (isReady) return reply.type('text/plain; charset=utf-8').send('ok\n');
    return reply.code(503).header('retry-after', '5').type('text/plain; charset=utf-8').send('unavailable\n');
  });
}
