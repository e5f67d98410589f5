import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { groupPosts } from './group-posts.ts';
import type { MailData } from './mail-data.ts';
import { poolLogin } from './smtp-login.ts';
import type { MailPool, PoolOptions } from './smtp-pool.ts';
import { bodySent, connectionOptions } from './smtp-pool.ts';

/** What the thread is started with; secrets do not survive the way as objects. */
export interface ThreadStart extends Omit<PoolOptions, 'url'> {
  readonly url: Omit<PoolOptions['url'], 'password'>;
  readonly password: string | undefined;
}

/** They go in groups, as answers do. */
export type Order =
  | { readonly kind: 'send'; readonly id: number; readonly mail: MailData }
  | { readonly kind: 'verify'; readonly id: number }
  | { readonly kind: 'limit'; readonly connections: number }
  | { readonly kind: 'close' };

/** The answer to the order of this id. */
export type Answer =
  { readonly id: number; readonly reply: string } | { readonly id: number; readonly failure: Failure };

/** The parts of an error that decide whether the mail is tried again. */
export interface Failure {
  readonly message: string;
  readonly code: string | undefined;
  readonly response: string | undefined;
  readonly responseCode: number | undefined;
  readonly command: string | undefined;
  readonly isBodySent: boolean;
}

/** `.js` as compiled, `.cjs` in the bundled program, `.ts` in the sources */
const ending = extname(import.meta.url);

/** Threads start from JavaScript only, and from the sources one would have to run whatever was built last. */
export const canStartThreads = ending !== '.ts';

const program = new URL(`./smtp-thread-main${ending}`, import.meta.url);

// Mails are soon garbage: little room makes V8 clear it in time, and the process stays small.
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 64 };

interface Waiting {
  readonly resolve: (reply: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The pool in a thread of its own: writing mails out in MIME and speaking SMTP take most of the time of a delivery,
 * and here they take it beside the database's. Errors are as `openPool` throws them.
 */
export function openThreadedPool(options: PoolOptions): MailPool {
  // A missing certificate or token file is reported before anything starts.
  connectionOptions(options.url, options.timeouts);
  poolLogin(options.url);
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let thread: Worker | undefined;
  const post = groupPosts<Order>((orders) => thread?.postMessage(orders));

  function start(): Worker {
    const { url, ...rest } = options;
    const { password, ...plain } = url;
    const workerData: ThreadStart = { ...rest, url: plain, password: password?.reveal() };
    const started = new Worker(program, { workerData, resourceLimits });
    started.on('message', (answers: readonly Answer[]) => {
      for (const answer of answers) settle(answer);
    });
    // Whatever was on the wire may have arrived.
    const end = (message: string) => () => {
      if (thread === started) thread = undefined;
      for (const id of waiting.keys()) settle({ id, failure: { ...unknown, message } });
    };
    started.on('error', (error) => {
      end(`the thread that sends mails failed: ${error.message}`)();
    });
    started.on('exit', end('the thread that sends mails ended'));
    started.unref();
    return started;
  }

  function settle(answer: Answer): void {
    const { resolve, reject } = waiting.get(answer.id) ?? {};
    waiting.delete(answer.id);
    if (waiting.size === 0) thread?.unref();
    if ('failure' in answer) reject?.(toError(answer.failure));
    else resolve?.(answer.reply);
  }

  function order(make: (id: number) => Order): Promise<string> {
    const to = (thread ??= start());
    const id = (last += 1);
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      to.ref();
      post(make(id));
    });
  }

  return {
    send: (mail) => order((id) => ({ kind: 'send', id, mail })),
    async verify() {
      await order((id) => ({ kind: 'verify', id }));
    },
    limit(connections) {
      if (thread) post({ kind: 'limit', connections });
    },
    async close() {
      const closing = thread;
      if (!closing) return;
      const ended = new Promise((resolve) => closing.once('exit', resolve));
      closing.ref();
      post({ kind: 'close' });
      await ended;
    },
  };
}

const unknown = {
  code: undefined,
  response: undefined,
  responseCode: undefined,
  command: undefined,
  isBodySent: true,
};

/** An error of the pool, as it left the thread. */
class ThreadError extends Error {
  override readonly name = 'ThreadError';
}

function toError({ message, isBodySent, ...facts }: Failure): Error {
  return Object.assign(new ThreadError(message), facts, isBodySent ? { [bodySent]: true } : {});
}
