import { setImmediate as nextTick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createHashQueue } from '../../src/passwords/hash-queue.ts';

/** A job that ends on demand. */
function createJob() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return { run: () => ended, end };
}

describe('R42: hashing is bounded', () => {
  it('runs no more jobs at a time than allowed, the others in their order', async () => {
    const queue = createHashQueue({ concurrency: 2, maxWaiting: 10 });
    const started: number[] = [];
    const jobs = [0, 1, 2, 3].map(() => createJob());
    const runs = jobs.map((job, index) =>
      queue.run(() => {
        started.push(index);
        return job.run();
      }),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    jobs[1]?.end();
    await runs[1];
    await nextTick();
    expect(started).toEqual([0, 1, 2]);
    jobs.forEach((job) => job.end());
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('R41: asks a newcomer to come back when too many are waiting', async () => {
    const queue = createHashQueue({ concurrency: 1, maxWaiting: 1 });
    const job = createJob();
    const runs = [queue.run(job.run), queue.run(job.run)];
    await expect(queue.run(job.run)).rejects.toMatchObject({
      code: 'throttled',
      details: { busy: true, retryAfterSeconds: 5 },
    });
    job.end();
    await Promise.all(runs);
  });

  it('goes on after a job that failed', async () => {
    const queue = createHashQueue({ concurrency: 1, maxWaiting: 1 });
    const failure = new TypeError('broken');
    await expect(queue.run(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(await queue.run(() => Promise.resolve('done'))).toBe('done');
  });
});
