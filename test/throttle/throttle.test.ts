import { expect, it } from 'vitest';
import { systemClock } from '../../src/create-reset.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { createThrottle } from '../../src/throttle/throttle.ts';
import { eachDatabase } from '../helpers/databases.ts';

const ADDRESSES = 100_000;
const PAGE = 500;
const window = { points: 30, seconds: 60 };

eachDatabase('the counters', (open) => {
  const start = async () => {
    const { db } = await open();
    await migrateUp(db);
    return { db, throttle: createThrottle(db, systemClock), other: createThrottle(db, systemClock) };
  };
  const rows = (db: Awaited<ReturnType<typeof start>>['db']) => db('reset_throttle').select('key', 'points');

  it('R53: go with a sweep once they have run out, a hundred thousand at a time, and no other', async () => {
    const { db, throttle } = await start();
    await throttle.count('request:198.51.100.7', window);
    const now = Date.now();
    const ended = Array.from({ length: ADDRESSES }, (_, index) => ({
      key: `30/60:request:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      points: 1,
      expire: now - 1 - index,
    }));
    await db.batchInsert('reset_throttle', ended, PAGE / 2);

    await throttle.sweep(now);
    expect(await rows(db)).toEqual([{ key: '30/60:request:198.51.100.7', points: 1 }]);
    expect(await throttle.count('request:198.51.100.7', window)).toMatchObject({ remaining: 28 });
  });

  it('R51: let exactly as many through as the limit says, of those that come at once from two sides', async () => {
    const { db, throttle, other } = await start();
    const counts = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        (index % 2 === 0 ? throttle : other).count(`request:${Math.floor(index / 100)}`, window),
      ),
    );
    expect(counts.filter(({ isAllowed }) => isAllowed)).toHaveLength(4 * 30);
    expect(counts.filter(({ isAllowed, remaining }) => isAllowed && remaining === 0)).toHaveLength(4);
    expect((await rows(db)).map(({ points }: { points: number }) => points)).toEqual([100, 100, 100, 100]);
  });

  it('take many names in few statements, and none is mistaken for another', async () => {
    const { db, throttle } = await start();
    const queries: string[] = [];
    db.on('query', ({ sql }: { sql: string }) => queries.push(sql));
    const names = ['a', 'A', 'ä', 'a ', 'a\0', 'x'.repeat(300), 'x'.repeat(301), ''];
    const many = [...names, ...Array.from({ length: 300 }, (_, index) => String(index))];
    const counts = await Promise.all(many.map((name) => throttle.count(name, window)));
    expect(new Set(counts.map(({ remaining }) => remaining))).toEqual(new Set([29]));
    expect(await rows(db)).toHaveLength(many.length);
    expect(queries.filter((sql) => sql.startsWith('insert'))).toHaveLength(4);
  });

  it('begin again when their window has ended', async () => {
    const { db, throttle } = await start();
    await throttle.count('request:1', window);
    await db('reset_throttle').update({ points: 30, expire: Date.now() - 1 });
    expect(await throttle.count('request:1', window)).toMatchObject({ isAllowed: true, remaining: 29 });
    await db('reset_throttle').update({ points: 30 });
    const refused = await throttle.count('request:1', window);
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 });
    expect(refused.resetMs).toBeGreaterThan(50_000);
  });

  it('R49: keep the web and the operators apart, say how long to wait, and start again when cleared', async () => {
    const { throttle, other } = await start();
    await throttle.consume('web', '7');
    await throttle.consume('operator', '7');
    const again = throttle.consume('web', '7');
    await expect(again).rejects.toMatchObject({
      code: 'throttled',
      details: { retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds > 50 && seconds <= 60) },
    });
    expect(await other.waitSeconds('web', '7')).toBeGreaterThan(50);
    expect(await other.waitSeconds('web', '8')).toBe(0);
    await other.clear('7', ['web']);
    expect(await throttle.waitSeconds('web', '7')).toBe(0);
    await throttle.consume('web', '7');
    await expect(throttle.consume('operator', '7')).rejects.toMatchObject({ code: 'throttled' });
  });

  it('work on after a database that was away', async () => {
    const { db, throttle } = await start();
    await db.schema.renameTable('reset_throttle', 'away');
    await expect(throttle.count('request:1', window)).rejects.toThrow();
    await db.schema.renameTable('away', 'reset_throttle');
    expect(await throttle.count('request:1', window)).toMatchObject({ remaining: 29 });
  });
});
