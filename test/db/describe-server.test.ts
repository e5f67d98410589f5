import { expect, it } from 'vitest';
import { describeServer } from '../../src/db/describe-server.ts';
import { eachDatabase } from '../helpers/databases.ts';

/** A session that writes its times in another zone. */
const ZONES = {
  sqlite: 'select 1',
  postgres: `set local timezone = 'Pacific/Kiritimati'`,
  mysql: `set time_zone = '+13:00'`,
} as const;

eachDatabase("the database's clock", (open, dialect) => {
  it("is read to the second, whatever the server's time zone is", async () => {
    const { db } = await open();
    const before = Date.now();
    const { now } = await describeServer(db);
    expect(now).toBeGreaterThan(before - 1500);
    expect(now).toBeLessThan(Date.now() + 1500);
    const inZone = await db.transaction(async (trx) => {
      await trx.raw(ZONES[dialect]);
      return describeServer(trx);
    });
    expect(Math.abs(inZone.now - now)).toBeLessThan(60_000);
  });
});
