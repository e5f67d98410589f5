// A process of page.js: `ours`, or a bare Fastify that answers with what it is sent. Says its URL, ends with its parent.
import Fastify from 'fastify';
import { startListener } from '../../dist/http/listen.js';
import { openPlayground } from './playground.js';

async function serveOurs() {
  const playground = await openPlayground();
  const { url } = await playground.issueToNew('susan@example.com');
  const listener = await startListener(playground.app);
  process.send({ url });
  return async () => {
    await listener.close();
    await playground.close();
  };
}

async function serveBare(body) {
  const bare = Fastify();
  bare.get('/*', (_request, reply) => reply.type('text/html; charset=utf-8').send(body));
  process.send({ url: `${await bare.listen({ host: '127.0.0.1', port: 0 })}/page` });
  return () => bare.close();
}

process.once('message', async (body) => {
  const stop = await (body === 'ours' ? serveOurs() : serveBare(body));
  process.once('disconnect', () => void stop());
});
