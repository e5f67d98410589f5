import { Agent, get } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Answers a second of GET `url`, by a client in a thread of its own over `connections` kept open. */
export const loadUrl = (url, { requests, connections = 50 }) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { url, requests, connections } });
    worker.once('message', resolve).once('error', reject);
  });

async function run({ url, requests, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requests;
  const once = () =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
        response.on('end', resolve).resume();
      }).on('error', reject);
    });
  const lane = async () => {
    while (left-- > 0) await once();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
  return (requests * 1000) / (performance.now() - start);
}

if (!isMainThread) parentPort.postMessage(await run(workerData));
