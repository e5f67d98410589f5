import type { Clock } from '../types.ts';
import { toMailData } from './mail-data.ts';
import type { MailPool, PoolOptions } from './smtp-pool.ts';
import { whereOf } from './where-of.ts';
import type { Transport } from './transport-contract.ts';

export interface SmtpOptions extends PoolOptions {
  readonly clock: Clock;
  /** keep the connections in a thread of their own: worth its start for many mails; not when run from the sources */
  readonly isBulk?: boolean | undefined;
}

/** A pool of connections to one SMTP server; the first mail opens the first of them. */
export function openSmtp({ clock, isBulk = false, ...options }: SmtpOptions): Transport {
  let opening: Promise<MailPool> | undefined;
  const open = () =>
    (opening ??= (isBulk ? openInThread(options) : openHere(options)).catch((error: unknown) => {
      opening = undefined; // a file that it names may be there next time
      throw error;
    }));
  return {
    where: whereOf(options.url),
    async send(message) {
      const data = toMailData(message, clock.now());
      return { reply: await (await open()).send(data), messageId: message.messageId };
    },
    async verify() {
      await (await open()).verify();
      return { reply: `${options.url.host}:${options.url.port} answers` };
    },
    limit(connections) {
      void opening?.then((pool) => {
        pool.limit(connections);
      });
    },
    async close() {
      await (await opening?.catch(() => undefined))?.close(); // a pool that never opened has already failed its mails
    },
  };
}

async function openHere(options: PoolOptions): Promise<MailPool> {
  const { openPool } = await import('./smtp-pool.ts');
  return openPool(options);
}

async function openInThread(options: PoolOptions): Promise<MailPool> {
  const { canStartThreads, openThreadedPool } = await import('./smtp-thread.ts');
  return canStartThreads ? openThreadedPool(options) : openHere(options);
}
