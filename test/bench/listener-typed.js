import { Agent, request } from 'node:http';
import { openPlayground } from './playground.js';
import { openSink } from './smtp-sink.js';

export const title = 'typed addresses that serve takes a second, until the last is in the outbox';
export const limit = { least: 200 };

/** Everybody knows their address, which is the most work. */
const PEOPLE = 3000;
const AT_A_TIME = 50;
const PATIENCE_MS = 120_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function measure() {
  const sink = await openSink();
  if (sink === undefined) return undefined;
  try {
    const mail = { url: `smtp://127.0.0.1:${sink.port}`, from: 'bench@example.com' };
    // Every request comes from a network of its own, so that none is stopped for coming too often.
    const playground = await openPlayground({ mail, server: { trustProxy: ['127.0.0.1'] } });
    const rows = Array.from({ length: PEOPLE }, (_, index) => ({ email: `user${index}@example.com` }));
    await playground.app.usersDb.batchInsert('users', rows, 500);
    const stop = await playground.serve();
    const start = performance.now();
    await typeAll(playground.baseUrl);
    const answered = performance.now();
    await untilQueued(playground.app);
    const queued = performance.now();
    await untilSent(playground.app);
    const sent = performance.now();
    const load = await (await fetch(`${playground.baseUrl}/readyz`)).text();
    await stop();
    await playground.close();
    if (load !== 'ok\n') throw new Error(`some were lost: ${load}`);
    const rate = (until) => Math.round((PEOPLE * 1000) / (until - start));
    console.log(`  answered ${rate(answered)} a second, queued ${rate(queued)}, sent ${rate(sent)}`);
    return (PEOPLE * 1000) / (queued - start);
  } finally {
    sink.close();
  }
}

async function typeAll(baseUrl) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < PEOPLE; index = next++) {
      const status = await type(baseUrl, agent, index);
      if (status !== 303) throw new Error(`status ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  agent.destroy();
}

const type = (baseUrl, agent, index) =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    };
    request(`${baseUrl}/reset_password_request`, { method: 'POST', agent, headers }, (response) => {
      response.on('end', () => resolve(response.statusCode)).resume();
    })
      .on('error', reject)
      .end(`email=user${index}%40example.com`);
  });

const untilQueued = (app) => untilAll(app.ledger('reset_outbox'));
const untilSent = (app) => untilAll(app.ledger('reset_outbox').where({ state: 'sent' }));

/** Patient: that somebody is missing is what a timeout says. */
async function untilAll(rows) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const [{ count }] = await rows.clone().count({ count: '*' });
    if (Number(count) === PEOPLE) return;
    if (performance.now() > end) throw new Error(`${PEOPLE - count} of ${PEOPLE} are missing`);
    await pause(50);
  }
}
