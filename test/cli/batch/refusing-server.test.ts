import { describe, expect, it } from 'vitest';
import { makeScene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';
import { startSink } from '../../helpers/sink.ts';

const numberOf = (address: string): number => Number(/^user(\d+)@/.exec(address)?.[1]);
const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);

describe('a mail server that refuses', () => {
  it('tries 450s again, ends with exit 12 for 550s, and reports just them for another batch', async () => {
    const { site, sink, write } = await makeScene(30, {
      onRcpt: (address, attempt) => {
        if (numberOf(address) % 10 === 0) return '550 5.1.1 no such mailbox';
        return numberOf(address) % 3 === 0 && attempt === 1 ? '450 4.2.1 busy' : undefined;
      },
    });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect([ran.code, ran.error().code]).toEqual([12, 'batch_incomplete']);
    expect(summaryOf(ran.rows())).toMatchObject({ total: 30, sent: 27, failed: 3 });
    expect(sink.mails).toHaveLength(27);
    const failed = ran.rows().filter(({ status }) => status === 'failed');
    expect(failed.map(({ reply }) => reply)).toEqual(
      Array.from(failed, () => expect.stringContaining('550 5.1.1') as string),
    );
    const id = String(summaryOf(ran.rows())?.['batch']);
    expect(ran.error().message).toContain(`reset batch retry ${id}`);

    const again = await site.run(['send', '--all', '--yes', '--json']);
    expect([again.code, sink.mails.length]).toEqual([12, 27]);

    const report = await site.run(['batch', 'report', id, '--status', 'failed']);
    const file = await write('failed.csv', report.stdout);
    const plan = await site.run(['send', '--file', file, '--dry-run', '--json']);
    const planned = plan.rows().filter(({ status }) => status === 'planned');
    expect(planned.map(({ userId }) => userId).sort()).toEqual(['10', '20', '30']);
  });

  it('retries just what failed', async () => {
    let isBroken = true;
    const { site, sink } = await makeScene(4, {
      onRcpt: (address) => (isBroken && numberOf(address) === 2 ? '550 5.1.1 not yet' : undefined),
    });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    isBroken = false;
    const retry = await site.run(['batch', 'retry', String(summaryOf(ran.rows())?.['batch']), '--json']);
    expect([ran.code, retry.code]).toEqual([12, 0]);
    expect(sink.mails.map(({ to }) => to).sort()).toEqual([1, 2, 3, 4].map((index) => addressOf(index)));
  });

  it('repeats a mail with the same link and Message-ID when the answer was lost', async () => {
    const seen: string[] = [];
    const { site, sink } = await makeScene(1, { onData: (_address, attempt) => attempt > 1 });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect(ran.code).toBe(0);
    seen.push(...sink.mails.map(({ messageId }) => messageId));
    expect(seen).toEqual([ran.rows()[0]?.['messageId']]);
  });

  it('pauses the batch when it accepts no mail from us at all, and says how to continue', async () => {
    const { site, sink } = await makeScene(20, { onRcpt: () => '530 5.7.0 authentication required' });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect([ran.code, ran.error().code]).toEqual([10, 'delivery_failed']);
    expect(ran.error().message).toContain('reset batch resume');
    expect(summaryOf(ran.rows())).toMatchObject({ sent: 0, failed: 0, queued: 20 });
    expect(sink.mails).toHaveLength(0);
  });

  it('pauses the batch when it stays away', async () => {
    const { site, sink, db } = await makeScene(30);
    await sink.close();
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect([ran.code, ran.error().message]).toEqual([10, expect.stringContaining('cannot be reached')]);
    const [batch] = (await site.run(['batch', 'list', '--json'])).rows();
    expect(batch).toMatchObject({ state: 'paused', failed: 0, queued: 30 });
    // Once it is back, every mail goes out at once, no matter how long it would have waited.
    await db('reset_outbox')
      .where('attempts', '>', 0)
      .update({ due_at: Date.now() + 3_600_000 });
    const back = await startSink({}, Number(new URL(sink.url).port));
    const resumed = await site.run(['batch', 'resume', String(batch?.['batch']), '--json']);
    expect(summaryOf(resumed.rows())).toMatchObject({ total: 30, sent: 30 });
    await back.close();
  });
});
