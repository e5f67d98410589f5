import { parentPort, workerData } from 'node:worker_threads';
import { Secret } from '../values/secret.ts';
import { groupPosts } from './group-posts.ts';
import { bodySent, openPool } from './smtp-pool.ts';
import type { Answer, Failure, Order, ThreadStart } from './smtp-thread.ts';

/** The thread of `openThreadedPool`: takes orders, answers each, and ends when asked to close. */
const { url, password, ...options } = workerData as ThreadStart;
const pool = openPool({
  ...options,
  url: { ...url, ...(password === undefined ? {} : { password: new Secret(password) }) },
});

const answer = groupPosts<Answer>((answers) => {
  parentPort?.postMessage(answers);
});

parentPort?.on('message', (orders: readonly Order[]) => {
  for (const order of orders) void obey(order);
});

async function obey(order: Order): Promise<void> {
  if (order.kind === 'close') {
    await (await pool).close();
    parentPort?.close();
    return;
  }
  if (order.kind === 'limit') {
    (await pool).limit(order.connections);
    return;
  }
  const { id } = order;
  try {
    answer({ id, reply: await run(order) });
  } catch (error) {
    answer({ id, failure: toFailure(error) });
  }
}

async function run(order: Exclude<Order, { kind: 'close' | 'limit' }>): Promise<string> {
  const opened = await pool;
  if (order.kind === 'send') return opened.send(order.mail);
  await opened.verify();
  return '';
}

interface PoolError {
  readonly message?: string;
  readonly code?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly [bodySent]?: true;
}

function toFailure(error: unknown): Failure {
  const { message = String(error), code, response, responseCode, command, ...rest } = error as PoolError;
  return { message, code, response, responseCode, command, isBodySent: rest[bodySent] === true };
}
