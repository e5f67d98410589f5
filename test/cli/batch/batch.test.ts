import { describe, expect, it } from 'vitest';
import { makeScene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';

const numberOf = (address: string): number => Number(/^user(\d+)@/.exec(address)?.[1]);
const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);

describe('batches', () => {
  it('leaves a batch as it was when there is nothing to retry, and a paused one paused', async () => {
    const { site, db } = await makeScene(4, {
      onRcpt: (address) => (numberOf(address) === 2 ? '550 5.1.1 no' : undefined),
    });
    const done = await site.run(['send', addressOf(1), addressOf(3), '--yes', '--json']);
    const id = String(summaryOf(done.rows())?.['batch']);
    expect((await site.run(['batch', 'retry', id])).code).toBe(2);
    expect((await site.run(['batch', 'show', id, '--json'])).rows()[0]).toMatchObject({ state: 'done' });

    const failed = await site.run(['send', '--all', '--yes', '--json']);
    const other = String(summaryOf(failed.rows())?.['batch']);
    await db('reset_batches').where({ id: other }).update({ state: 'paused', pause_reason: 'by hand' });
    const retry = await site.run(['batch', 'retry', other, '--json']);
    expect([retry.code, retry.rows()[0]]).toMatchObject([0, { state: 'paused', queued: 1, failed: 0 }]);
  });

  it('says so where there are none', async () => {
    const { site } = await makeScene(1);
    const ran = await site.run(['batch', 'list']);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', expect.stringContaining('no batches yet')]);
  });

  it('ends a report without fuss when its reader has seen enough', async () => {
    const { site, db } = await makeScene(3000);
    const ran = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(ran.rows())?.['batch']);
    expect(await db('reset_outbox').where({ batch_id: id })).toHaveLength(3000);
    const report = site.start(['batch', 'report', id]);
    report.stdout.once('data', () => report.stdout.destroy());
    expect(await report).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('cancels what waits, and a worker leaves paused and cancelled batches alone', async () => {
    const { site, sink } = await makeScene(5);
    const first = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(first.rows())?.['batch']);
    expect((await site.run(['worker', '--once'])).code).toBe(0);
    expect(sink.mails).toHaveLength(1);
    const cancelled = await site.run(['batch', 'cancel', id, '--json']);
    expect(cancelled.rows()[0]).toMatchObject({
      state: 'cancelled',
      sent: 1,
      skipped: 4,
      cancelled: 4,
      queued: 0,
    });
    const shown = await site.run(['batch', 'show', id]);
    expect(shown.stdout).toContain('sent 1, skipped 0, cancelled 4, failed 0');
    expect((await site.run(['batch', 'resume', id])).code).toBe(2);
  });

  it('says of a mail that a killed worker held when its batch was cancelled that nobody knows', async () => {
    const { site, db } = await makeScene(3);
    const first = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(first.rows())?.['batch']);
    const held = { state: 'claimed', claimed_by: 'killed', claimed_until: Date.now() };
    await db('reset_outbox').where({ user_id: '3' }).update(held);
    const cancelled = await site.run(['batch', 'cancel', id, '--json']);
    expect(cancelled.rows()[0]).toMatchObject({ total: 3, sent: 1, skipped: 1, unknown: 1, claimed: 0 });
  });

  it('R83: escapes formulas in the CSV report, keeps ids exact, and reads them back', async () => {
    const { site, db, write } = await makeScene(1);
    await db('users').insert({ email: '=cmd@example.com', username: 'x' });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    const report = await site.run([
      'batch',
      'report',
      String(summaryOf(ran.rows())?.['batch']),
      '--format',
      'csv',
    ]);
    expect(report.stdout).toMatch(/^id,email,status/);
    expect(report.stdout).toMatch(/^2,'=cmd@example\.com,sent/m);
    const plan = await site.run([
      'send',
      '--file',
      await write('again.csv', report.stdout),
      '--dry-run',
      '--json',
    ]);
    expect(summaryOf(plan.rows())).toMatchObject({ planned: 2 });
  });

  it('reports which links were used', async () => {
    const { site, db } = await makeScene(2);
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    await db('reset_tokens').where({ user_id: '1' }).update({ state: 'used', settled_at: Date.now() });
    const id = String(summaryOf(ran.rows())?.['batch']);
    const report = await site.run(['batch', 'report', id, '--json']);
    expect(
      report
        .rows()
        .map(({ id: user, link }) => [user, link])
        .sort(),
    ).toEqual([
      ['1', 'used'],
      ['2', 'live'],
    ]);
  });

  it('cleans up what was settled long ago and keeps the audit', async () => {
    const { site, db } = await makeScene(3);
    await site.run(['send', '--all', '--yes']);
    const old = Date.now() - 100 * 86_400_000;
    await db('reset_outbox').update({ settled_at: old });
    await db('reset_tokens').update({ exp: Math.floor(old / 1000) });
    await db('reset_batches').update({ created_at: old });
    const before = await db('reset_audit').count({ n: '*' }).first();
    const ran = await site.run(['cleanup', '--older-than', '90d', '--json']);
    expect(ran.rows()).toMatchObject([{ mails: 3, tokens: 3, batches: 1 }]);
    const after = await db('reset_audit').count({ n: '*' }).first();
    expect(after?.['n']).toBe(Number(before?.['n']) + 1);
  });
});
