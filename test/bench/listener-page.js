import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadUrl } from './load.js';
import { median } from './measure.js';

export const title = 'GET /reset_password/TOKEN, as a share of a bare Fastify page of the same size';
export const limit = { least: 0.9 };

const PAIRS = 11;
const requests = 1500;

export async function measure() {
  const ours = await startServer('ours');
  const bare = await startServer(await (await fetch(ours.url)).text());
  for (const { url } of [ours, bare]) await loadUrl(url, { requests });
  // In turns and each pair for itself: what else the machine does then slows both.
  const shares = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const theirs = await loadUrl(bare.url, { requests });
    shares.push((await loadUrl(ours.url, { requests })) / theirs);
  }
  for (const { stop } of [ours, bare]) await stop();
  return median(shares);
}

async function startServer(what) {
  const child = fork(new URL('./page-server.js', import.meta.url));
  child.send(what);
  const [{ url }] = await once(child, 'message');
  return {
    url,
    stop() {
      child.disconnect();
      return once(child, 'exit');
    },
  };
}
