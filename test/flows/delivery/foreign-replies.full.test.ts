import { describe, expect, onTestFinished, test } from 'vitest';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { requestReset } from '../../../src/flows/links/request-reset.ts';
import { sendReset } from '../../../src/flows/links/send-reset.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';
import { makeNarrow } from '../../helpers/narrow-database.ts';
import { serverUrl } from '../../helpers/needs.ts';
import { startScriptedSmtp } from '../../helpers/scripted-smtp.ts';

const server = serverUrl('postgres');

async function start(encoding: string, line: string): Promise<TestApp & { taken: () => number }> {
  const smtp = await startScriptedSmtp({ end: () => line });
  onTestFinished(() => smtp.close());
  const site = await createTestApp({
    database: await makeNarrow(encoding),
    config: { 'mail.url': smtp.url },
  });
  onTestFinished(site.close);
  return { ...site, taken: () => smtp.mails.length };
}

describe.runIf(server !== undefined).each([
  ['LATIN1', '250 已加入队列 ✓'],
  ['WIN1252', '250 в очереди ✓'],
  ['SQL_ASCII', '250 已加入队列 ✓'],
  ['LATIN1', '250 queued\0📬'],
])('in a database in %s, a mail that the server takes with %j', (encoding, line) => {
  test('is sent once by send', async () => {
    const { app, addUser, taken } = await start(encoding, line);
    const id = await addUser({ email: 'susan@example.test' });
    const sent = await sendReset(app, { identifier: { id }, actor: app.operator, bucket: null });
    expect(sent).toMatchObject({ status: 'sent', reply: expect.stringMatching(/^250 /) });
    expect(taken()).toBe(1);
  });

  test('is sent once by a worker, and the audit says so', async () => {
    const { app, addUser, taken } = await start(encoding, line);
    for (const name of ['susan', 'john', 'ada']) {
      const id = await addUser({ email: `${name}@example.test` });
      await requestReset(app, { identifier: { id }, actor: app.operator, bucket: null });
    }
    await runWorker(app, { signal: AbortSignal.timeout(20_000), once: true });
    expect(taken()).toBe(3);
    expect(await app.ledger('reset_outbox').select('state')).toEqual(Array(3).fill({ state: 'sent' }));
    expect(await app.ledger('reset_audit').where({ event: 'mail_sent' })).toHaveLength(3);
  });
});
