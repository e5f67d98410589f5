import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';

// A load balancer asks every few seconds and waits about as long; Knex itself would wait 15 s for a connection.
const patienceMs = 2000;

/** Does the database answer, with our tables in it, and that of the users? Throws database_unavailable or what the driver said. */
export async function checkReady(app: App): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ResetError('database_unavailable', `The database did not answer within ${patienceMs} ms.`));
    }, patienceMs);
  });
  try {
    const ours = app.ledger('reset_outbox').select('id').limit(1);
    const theirs = app.isApart ? app.users().then((store) => store.ping()) : undefined;
    await Promise.race([Promise.all([ours, theirs]), tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
