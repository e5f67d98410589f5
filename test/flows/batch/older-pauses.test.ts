import { expect, it } from 'vitest';
import { getBatch } from '../../../src/batches/batch.ts';
import { createBatch } from '../../../src/batches/create-batch.ts';
import { startBatch } from '../../../src/batches/change-batch.ts';
import type { Db } from '../../../src/db/connect.ts';
import { migrateUp } from '../../../src/db/migrate.ts';
import { isLookDue, isMailServerAtFault, resumePaused } from '../../../src/flows/batch/manage-batches.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { openFlowApp, operator } from '../flow-app.ts';

const MIGRATION = '0008_routes_and_pauses.js';

/** What an older release wrote as the reason, the code that the migration gives it, and how many canaries are left after. */
const PAUSES = [
  ['the first mails are out: have a look at them', 'canary', { look: true, server: false, left: null }],
  [
    'the mail server takes no mail from us: 535 5.7.8 no',
    'server_refused',
    { look: false, server: true, left: 2 },
  ],
  [
    'the mail server cannot be reached: connect ECONNREFUSED',
    'server_away',
    { look: false, server: true, left: 2 },
  ],
  ['paused by susan@host', 'operator', { look: false, server: false, left: 2 }],
] as const;

/** The tables as they were before the migration. */
async function takeBack(db: Db): Promise<void> {
  await db.schema.alterTable('reset_outbox', (table) => table.dropColumn('route'));
  await db.schema.alterTable('reset_batches', (table) => table.dropColumns('route', 'pause_code'));
  await db('reset_migrations').where({ name: MIGRATION }).delete();
}

eachDatabase('a batch that an older release paused', (open) => {
  it.each(PAUSES)('"%s" is %s after the migration, and resumes as such', async (reason, code, after) => {
    const flow = await openFlowApp(await open());
    const { app, clock } = flow;
    try {
      const facts = { digest: 'd', selection: 'all', actor: operator, expiresInMs: 3_600_000, canary: 2 };
      const id = await createBatch(app.ledger, { ...facts, isLocking: false, route: 'setup' }, clock.now());
      await startBatch(app.ledger, id, clock.now());
      await takeBack(app.ledger);
      await app.ledger('reset_batches').where({ id }).update({ state: 'paused', pause_reason: reason });
      expect(await migrateUp(app.ledger)).toEqual({ applied: [MIGRATION] });
      const paused = await getBatch(app.ledger, id);
      expect(paused).toMatchObject({ state: 'paused', pauseCode: code, pauseReason: reason, route: null });
      expect(paused && { look: isLookDue(paused), server: isMailServerAtFault(paused) }).toEqual({
        look: after.look,
        server: after.server,
      });
      await resumePaused(app, id, operator);
      const resumed = await getBatch(app.ledger, id);
      expect(resumed).toMatchObject({ state: 'running', pauseCode: null, canaryLeft: after.left });
    } finally {
      await flow.close();
    }
  });
});

eachDatabase('what an operator wrote', (open) => {
  it('is stored without what a database refuses, and keeps its line breaks', async () => {
    const flow = await openFlowApp(await open());
    const { app, clock } = flow;
    try {
      const reason = 'First line.\r\n\tSecond \0line\ud800, \u{1f600}.';
      const facts = { digest: 'd', selection: 'all', actor: operator, expiresInMs: 3_600_000, reason };
      const id = await createBatch(app.ledger, { ...facts, isLocking: false, route: 'setup' }, clock.now());
      const batch = await getBatch(app.ledger, id);
      expect(batch?.reason).toBe('First line.\r\n\tSecond \ufffdline\ufffd, \u{1f600}.');
    } finally {
      await flow.close();
    }
  });
});
