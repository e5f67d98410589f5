import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createRequestQueue } from '../../../src/flows/visitors/request-queue.ts';
import { createTestApp, type TestApp } from '../../helpers/create-test-app.ts';

describe('the request queue', () => {
  const open: TestApp[] = [];
  afterEach(async () => {
    for (const test of open.splice(0)) await test.close();
  });
  const start = async (): Promise<TestApp> => {
    const test = await createTestApp();
    open.push(test);
    return test;
  };
  const typed = (email: string) => ({ email, ip: '192.0.2.1', requestId: 'r' });

  it('R45, R53: holds a bounded number, drops the rest with a log line, and never throws', async () => {
    const test = await start();
    await test.addUser({ email: 'late@example.com' });
    const queue = createRequestQueue(test.app, 10);
    for (let count = 0; count < 100_000; count += 1) queue.add(typed(`nobody${count}@example.com`));
    queue.add(typed('late@example.com'));
    await queue.drain();
    expect(test.logs.filter(({ event }) => event === 'request_dropped')).toHaveLength(99_991);
    expect(test.logs.filter(({ event }) => event === 'request_refused')).toHaveLength(10);
    queue.add(typed('late@example.com'));
    await queue.drain();
    expect(await test.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
  });

  it('looks many addresses up at a time, and finds everybody among strangers', async () => {
    const test = await start();
    const people = Array.from({ length: 5 }, (_, index) => `person${index}@example.com`);
    for (const email of people) await test.addUser({ email });
    const queue = createRequestQueue(test.app);
    const queries: string[] = [];
    test.app.ledger.on('query', ({ sql }: { sql: string }) => queries.push(sql));
    for (let count = 0; count < 2000; count += 1) queue.add(typed(`stranger${count}@example.com`));
    for (const email of people) queue.add(typed(email.toUpperCase()));
    await queue.drain();
    expect(await test.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 5 }]);
    expect(queries.filter((sql) => sql.includes('from `users`')).length).toBeLessThan(40);
    expect(await test.app.ledger('reset_audit').where({ result: 'user_not_found' })).toHaveLength(1);
    expect(queue.load()).toEqual({ waiting: 0, dropped: 0 });
  });

  it('keeps up with hundreds of addresses a second, and nobody waits for the end of them', async () => {
    const test = await start();
    for (const name of ['first', 'last']) await test.addUser({ email: `${name}@example.com` });
    const queue = createRequestQueue(test.app, 600);
    queue.add(typed('first@example.com'));
    for (let tick = 0; tick < 20; tick += 1) {
      for (let count = 0; count < 50; count += 1) queue.add(typed(`stranger${tick}-${count}@example.com`));
      await sleep(100); // a rate is what this is about
    }
    expect(await test.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
    queue.add(typed('last@example.com'));
    expect(queue.load().dropped).toBe(0);
    await queue.drain();
    expect(await test.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 2 }]);
  });

  it('says how many it had to drop', async () => {
    const test = await start();
    const queue = createRequestQueue(test.app, 10);
    for (let count = 0; count < 25; count += 1) queue.add(typed(`nobody${count}@example.com`));
    expect(queue.load()).toEqual({ waiting: 10, dropped: 15 });
    await queue.drain();
    const rows = await test.app.ledger('reset_audit').where({ result: 'queue_full' });
    expect(rows).toHaveLength(1);
  });

  it('works on after an address that ends in a fault', async () => {
    const test = await start();
    await test.addUser({ email: 'susan@example.com' });
    const queue = createRequestQueue(test.app);
    await test.app.ledger.schema.renameTable('reset_outbox', 'away');
    queue.add(typed('susan@example.com'));
    await queue.drain();
    await test.app.ledger.schema.renameTable('away', 'reset_outbox');
    expect(test.logs.map(({ level, event }) => [level, event])).toContainEqual(['error', 'request_refused']);
    await test.addUser({ email: 'ben@example.com' });
    queue.add(typed('ben@example.com'));
    await queue.drain();
    expect(await test.app.ledger('reset_outbox').count({ count: '*' })).toEqual([{ count: 1 }]);
  });

  it('R64: takes no list, group or second recipient for an address', async () => {
    const test = await start();
    await test.addUser({ email: 'susan@example.com' });
    const queue = createRequestQueue(test.app);
    for (const email of [
      'evil@evil.test,susan@example.com',
      'susan@example.com\r\nBcc: evil@evil.test',
      'Susan <susan@example.com>',
      '',
    ]) {
      queue.add(typed(email));
    }
    await queue.drain();
    expect(await test.app.ledger('reset_outbox').select()).toEqual([]);
  });
});
