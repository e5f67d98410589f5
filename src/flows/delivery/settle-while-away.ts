import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { plural } from '../../values/plural.ts';
import { isDatabaseAway } from './retry-while-away.ts';
import type { Delivered } from './settle-messages.ts';
import { settleMessages } from './settle-messages.ts';

const PAUSE_MS = 1000;

/**
 * A database that restarts is waited for: what was delivered must not be forgotten. `giveUpAt` says until when
 * (milliseconds since the epoch), asked each time, because a worker may be asked to stop meanwhile.
 *
 * @throws database_unavailable when it stayed away: the mails will be seen to once their lease is over
 */
export async function settleWhileAway(
  app: App,
  group: readonly Delivered[],
  giveUpAt: () => number,
): Promise<void> {
  for (;;) {
    try {
      await settleMessages(app, group);
      return;
    } catch (error) {
      const explained = explainError(error);
      if (!isDatabaseAway(explained)) throw explained;
      if (app.clock.now() > giveUpAt()) throw notNoted(group.length, explained);
      app.log.warn('database_unavailable', { message: explained.message });
      await sleep(PAUSE_MS);
    }
  }
}

const notNoted = (count: number, cause: ResetError): ResetError =>
  new ResetError(
    'database_unavailable',
    `The database stayed unreachable, so the result of ${plural(count, 'mail')} could not be saved. A worker sends them within a minute of its return, with the same link.`,
    { cause },
  );
