import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { connect } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openPlayground } from './playground.js';

export const title = 'p99 of GET pages beside 2,000 idle connections and a flood of POSTs, in ms';
export const limit = { most: 200 };

const DURATION_MS = 8000;
const VISITORS = 4;
const IDLE = 2000;
/** The flood comes from an address of its own: the idle ones of another may not stand in its way. */
const FLOOD = '127.0.0.3';
const POSTS_AT_A_TIME = 50;
const BODY = 'email=nobody%40example.com';
const HEAD = `Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${BODY.length}\r\n\r\n`;
const POST = `POST /reset_password_request HTTP/1.1\r\n${HEAD}${BODY}`;

/** Addresses of the idle connections, and how the flood comes in. */
const CROWDS = {
  'idle ones from one address': { addresses: ['127.0.0.2'], pipelined: 1 },
  'idle ones from ten addresses': {
    addresses: Array.from({ length: 10 }, (_, index) => `127.0.0.${index + 10}`),
    pipelined: 1,
  },
  'forms pipelined': { addresses: ['127.0.0.2'], pipelined: 200 },
};

/** New connections come in like this, not all in one moment. */
const AT_ONCE = 200;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The worst of the crowds. */
export async function measure() {
  const slowest = [];
  for (const [name, crowd] of Object.entries(CROWDS)) {
    const { p99, pages, posts } = await visitBeside(crowd);
    console.log(`  ${name}: p99 ${p99.toFixed(1)} ms of ${pages} pages, ${posts} forms a second`);
    slowest.push(p99);
  }
  return Math.max(...slowest);
}

async function visitBeside(crowd) {
  const playground = await openPlayground();
  const { url } = await playground.issueToNew('susan@example.com');
  const stop = await playground.serve();
  const { port } = new URL(playground.baseUrl);
  const pages = [`${playground.baseUrl}/healthz`, `${playground.baseUrl}/reset_password_request`, url];
  for (const page of pages) await visit(page);
  const attacker = new Worker(new URL(import.meta.url), { workerData: { port, ...crowd } });
  await once(attacker, 'message'); // its connections are there
  const times = [];
  const end = performance.now() + DURATION_MS;
  const visitor = async () => {
    while (performance.now() < end) {
      for (const page of pages) times.push(await visit(page));
      await pause(10);
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  attacker.postMessage('stop');
  const [posts] = await once(attacker, 'message');
  await attacker.terminate();
  await stop();
  await playground.close();
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
  return { p99, pages: times.length, posts: Math.round(posts) };
}

/** A visitor of his own, over a new connection. Milliseconds until the whole page is there. */
function visit(url) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      response.on('end', () => resolve(performance.now() - start)).resume();
    }).on('error', reject);
  });
}

async function attack({ port, addresses, pipelined }) {
  let isOver = false;
  let answered = 0;
  let began = 0;
  const hold = (localAddress) =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress }, resolve);
      socket.on('error', () => undefined).resume();
      socket.once('close', () => {
        resolve();
        // Whoever is sent away comes again.
        if (!isOver) setTimeout(() => void hold(localAddress), 1000 + Math.random() * 4000);
      });
    });
  const agent = new Agent({ keepAlive: true, maxSockets: POSTS_AT_A_TIME });
  const options = { port, host: '127.0.0.1', localAddress: FLOOD, agent, method: 'POST' };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = () =>
    new Promise((resolve) => {
      request({ ...options, path: '/reset_password_request', headers }, (response) => {
        answered += 1;
        response.on('end', resolve).resume();
      })
        .on('error', () => setTimeout(resolve, 10))
        .end(BODY);
    });
  const poster = async () => {
    while (!isOver) await post();
  };
  const pipeline = () => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: FLOOD });
    let due = 0;
    const send = () => {
      if (due > 0 || isOver) return;
      due = pipelined;
      socket.write(POST.repeat(pipelined));
    };
    socket.once('connect', send);
    socket.on('data', (data) => {
      const answers = data.toString('latin1').split('HTTP/1.1 ').length - 1;
      answered += answers;
      due -= answers;
      send();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => setTimeout(() => isOver || pipeline(), 10));
  };
  if (pipelined > 1) for (let count = 0; count < POSTS_AT_A_TIME; count += 1) pipeline();
  else for (let count = 0; count < POSTS_AT_A_TIME; count += 1) void poster();
  await pause(500);
  for (let first = 0; first < IDLE; first += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, index) => addresses[(first + index) % addresses.length]);
    await Promise.all(some.map(hold));
  }
  began = performance.now();
  answered = 0;
  parentPort.postMessage('there');
  parentPort.once('message', () => {
    isOver = true;
    parentPort.postMessage((answered * 1000) / (performance.now() - began));
  });
}

if (!isMainThread) await attack(workerData);
