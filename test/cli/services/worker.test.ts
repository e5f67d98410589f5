import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

describe('reset worker', () => {
  it('ends with --once when nothing is queued', async () => {
    const { run } = await makeSetup();
    expect(await run(['worker', '--once'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('delivers what a send had to leave in the queue', async () => {
    const { run, configure, mailbox, open } = await makeSetup();
    await configure({ 'mail.url': 'smtp://127.0.0.1:1' });
    expect((await run(['send', susan.email, '--json'])).error()).toMatchObject({
      code: 'delivery_failed',
      details: { retryable: true },
    });
    await configure({ 'mail.url': `file:${mailbox}` });
    const db = await open();
    await db('reset_outbox').update({ due_at: 0 }); // the next try would come in two minutes
    const { rows } = await run(['worker', '--once', '--json']);
    expect(rows()).toEqual([expect.objectContaining({ status: 'sent', kind: 'reset', userId: '1' })]);
    expect(readdirSync(mailbox)).toHaveLength(1);
  });
});
