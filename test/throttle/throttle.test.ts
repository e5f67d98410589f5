import { expect, it } from 'vitest';
import { migrateUp } from '../../src/db/migrate.ts';
import { createThrottle } from '../../src/throttle/throttle.ts';
import { eachDatabase } from '../helpers/databases.ts';

const ADDRESSES = 100_000;
const PAGE = 500;

eachDatabase('R53: the counters of network addresses', (open) => {
  it('go with a sweep once they have run out, a hundred thousand at a time, and no other', async () => {
    const { db } = await open();
    await migrateUp(db);
    const throttle = await createThrottle(db);
    const window = { points: 30, seconds: 60 };
    await throttle.count('request:198.51.100.7', window);
    const now = Date.now();
    const rows = Array.from({ length: ADDRESSES }, (_, index) => ({
      key: `30/60:request:10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      points: 1,
      expire: now - 1 - index,
    }));
    await db.batchInsert('reset_throttle', rows, PAGE / 2);

    await throttle.sweep(now);
    expect(await db('reset_throttle').select('key', 'points')).toEqual([
      { key: '30/60:request:198.51.100.7', points: 1 },
    ]);
    expect(await throttle.count('request:198.51.100.7', window)).toMatchObject({ remaining: 28 });
  });
});
