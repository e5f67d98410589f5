import Fastify from 'fastify';
import { startListener } from '../../dist/http/listen.js';
import { loadUrl } from './load.js';
import { openPlayground } from './playground.js';

export const title = 'GET /reset_password/TOKEN, as a share of a bare Fastify page of the same size';
export const limit = { least: 0.5 };

export async function measure() {
  const playground = await openPlayground();
  await playground.addUser('susan@example.com');
  const { url } = await playground.issue('susan@example.com');
  const listener = await startListener(playground.app);
  const body = await (await fetch(url)).text();

  const bare = Fastify();
  bare.get('/*', (_request, reply) => reply.type('text/html; charset=utf-8').send(body));
  const bareUrl = await bare.listen({ host: '127.0.0.1', port: 0 });

  const [ours, theirs] = [[], []];
  for (let round = 0; round < 4; round += 1) {
    theirs.push(await loadUrl(`${bareUrl}/page`, { requests: 4000 }));
    ours.push(await loadUrl(url, { requests: 2000 }));
  }
  await bare.close();
  await listener.close();
  await playground.close();
  return Math.max(...ours) / Math.max(...theirs);
}
