import type { FastifyInstance } from 'fastify';
import type { App } from '../../app.ts';
import type { QueueLoad, RequestQueue } from '../../flows/visitors/request-queue.ts';
import { checkReady } from '../../flows/visitors/check-ready.ts';

/** Links still work in a flood of typed addresses, so this is not a reason to take the listener out of service. */
const describeLoad = ({ dropped, waiting }: QueueLoad): string =>
  dropped === 0 ? '' : `requests: ${dropped} dropped in the last minutes, ${waiting} waiting\n`;

/** For balancers and monitors: does the process answer; does its database? */
export function addHealthRoutes(server: FastifyInstance, app: App, queue: RequestQueue): void {
  // HAProxy's check, unless it is given another one.
  server.options('/', (_request, reply) => reply.code(204).header('allow', 'OPTIONS').send());
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
    if (isReady) return reply.type('text/plain; charset=utf-8').send(`ok\n${describeLoad(queue.load())}`);
    return reply.code(503).header('retry-after', '5').type('text/plain; charset=utf-8').send('unavailable\n');
  });
}
