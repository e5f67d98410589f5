import { expect, it } from 'vitest';
import { makeBatchSite } from '../../helpers/batch-site.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startSink } from '../../helpers/sink.ts';

/**
 * No mail comes before its turn, counted from the start: a busy machine only makes it later. How close it gets to the
 * rate is for the benchmark.
 */
function expectNeverFaster(
  times: readonly number[],
  { startedAt, perSecond, burst }: { startedAt: number; perSecond: number; burst: number },
): void {
  const early = times.filter((at, index) => at - startedAt < ((index - burst) / perSecond) * 1000);
  expect(early).toEqual([]);
}

eachDatabase('a batch with a rate', (open) => {
  it('holds one rate over four workers, and interleaves domains', async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const users = 650; // two seconds, then ten in which all four are at work
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users, domains: 4 });
    const startedAt = Date.now();
    const sender = site.start(['send', '--all', '--yes', '--rate', '50/s']);
    const workers = [1, 2, 3].map(() => site.start(['worker', '--quiet']));
    expect((await sender).exitCode).toBe(0);
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(workers);
    expect(sink.mails).toHaveLength(users);
    const times = sink.mails.map(({ at }) => at).sort((one, other) => one - other);
    expectNeverFaster(times, { startedAt, perSecond: 50, burst: 50 });
    const firstDomains = new Set(sink.mails.slice(0, 12).map(({ to }) => to.split('@')[1]));
    expect(firstDomains.size).toBe(4);
    await site.remove();
    await sink.close();
  });

  it('holds a rate for each domain', async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: 80, domains: 2 });
    const startedAt = Date.now();
    const ran = await site.run(['send', '--all', '--yes', '--rate-per-domain', '5/s']);
    expect(ran.code).toBe(0);
    for (const domain of ['d0.example.com', 'd1.example.com']) {
      const times = sink.mails.filter(({ to }) => to.endsWith(domain)).map(({ at }) => at);
      expect(times).toHaveLength(40);
      expectNeverFaster(times, { startedAt, perSecond: 5, burst: 2 });
    }
    await site.remove();
    await sink.close();
  });
});
