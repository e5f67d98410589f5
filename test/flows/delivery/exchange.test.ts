import { expect, it, onTestFinished } from 'vitest';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { startScriptedSmtp, type Script } from '../../helpers/scripted-smtp.ts';
import { openFlowApp, operator } from '../flow-app.ts';

const PEOPLE = 260;
/** What a worker may hold. */
const MOST = 100;

/** A started batch of everybody. */
async function startBatch(database: TestDatabase, script: Script = {}) {
  const server = await startScriptedSmtp(script);
  onTestFinished(() => server.close());
  const flow = await openFlowApp(database, { flags: { 'mail.url': server.url } });
  onTestFinished(flow.close);
  const { app } = flow;
  await app
    .usersDb('users')
    .insert(Array.from({ length: PEOPLE }, (_, index) => ({ email: `person${index}@example.test` })));
  const plan = await planBatch(
    app,
    {
      choice: { kind: 'users', where: [] },
      ...{ except: [], isLocking: false, isMailed: true, actor: operator, isDryRun: false },
    },
    true,
  );
  await beginBatch(app, plan.batch, { signal: new AbortController().signal, onLocked: () => undefined });
  const { ledger } = await flow.another(); // a connection of its own
  const count = async (where: Record<string, unknown>) =>
    Number((await ledger('reset_outbox').where(where).count({ count: '*' }))[0]?.['count']);
  return { ...flow, ledger, server, batchId: plan.batch.id, count };
}

eachDatabase('mails that are settled and claimed together', (open) => {
  it('go to each person once, and a worker never holds more than it may', async () => {
    const { app, ledger, server, batchId, count } = await startBatch(await open());
    let most = 0;
    let isOver = false;
    const watching = (async () => {
      while (!isOver) most = Math.max(most, await count({ state: 'claimed' }));
    })();
    await runWorker(app, { signal: new AbortController().signal, batchId });
    isOver = true;
    await watching;
    expect(server.mails).toHaveLength(PEOPLE);
    expect(await count({ state: 'sent' })).toBe(PEOPLE);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MOST);
    const audited = await ledger('reset_audit').where({ event: 'mail_sent', batch_id: batchId });
    expect(audited).toHaveLength(PEOPLE);
    expect(await ledger('reset_tokens').where({ state: 'live' })).toHaveLength(PEOPLE);
  });

  it('go on past people whom the server refuses', async () => {
    const isRefused = (line: string) => /person\d*7@/.test(line);
    const { app, server, batchId, count } = await startBatch(await open(), {
      RCPT: ({ line }) => (isRefused(line) ? '550 5.1.1 no such mailbox' : undefined),
    });
    await runWorker(app, { signal: new AbortController().signal, batchId });
    const refused = PEOPLE / 10;
    expect(server.mails).toHaveLength(PEOPLE - refused);
    expect(await count({ state: 'sent' })).toBe(PEOPLE - refused);
    expect(await count({ state: 'failed', reason: 'refused' })).toBe(refused);
  });

  it('are noted as sent where the next ones cannot be claimed', async () => {
    let breaking: Promise<unknown> | undefined;
    // Claims look at it, settling does not. The server takes its time, so that the table is gone before the last claim.
    const { app, ledger, server, batchId, count } = await startBatch(await open(), {
      end: () => {
        breaking ??= Promise.resolve(ledger.schema.renameTable('reset_locks', 'reset_locks_gone'));
        return { line: '250 taken', afterMs: 30 };
      },
    });
    const running = runWorker(app, { signal: new AbortController().signal, batchId });
    await expect(running).rejects.toThrow(/reset_locks/);
    await breaking;
    expect(server.mails.length).toBeGreaterThan(0);
    expect(server.mails.length).toBeLessThan(PEOPLE);
    expect(await count({ state: 'sent' })).toBe(server.mails.length);
    expect(await count({ state: 'queued' })).toBe(PEOPLE - server.mails.length);
  });
});
