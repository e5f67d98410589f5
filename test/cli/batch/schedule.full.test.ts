import { expect, it } from 'vitest';
import { addressOf, makeBatchSite } from '../../helpers/batch-site.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startSink } from '../../helpers/sink.ts';

const [BERLIN, TOKYO, NEW_YORK] = [1, 2, 3].map((index) => addressOf(index)) as [string, string, string];
const ZONES = [
  [1, 'Europe/Berlin'],
  [2, 'Asia/Tokyo'],
  [3, 'America/New_York'],
] as const;
const PLANNED = '2030-01-08T12:00:00Z';

eachDatabase('a batch for later', (open) => {
  it('is sent by a worker from its time on, in the hours of each person', { timeout: 300_000 }, async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const config = { timeZone: 'Europe/Berlin', users: { timeZone: 'zone' } };
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: 20, config });
    await db.schema.alterTable('users', (table) => void table.string('zone'));
    for (const [id, zone] of ZONES) await db('users').where({ id }).update({ zone });

    /** How far a clock that shows this now is ahead. */
    const ahead = (iso: string) => Date.parse(iso) - Date.now();
    const plan = async (people: readonly string[], schedule: readonly string[]) => {
      const { exitCode, stdout, stderr } = await site.start(
        ['send', ...people, ...schedule, '--yes', '--json'],
        ahead(PLANNED),
      );
      expect([exitCode, stderr]).toEqual([0, '']);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const arrived = (address: string) =>
      expect.poll(() => sink.mails.map(({ to }) => to), { timeout: 60_000 }).toContain(address);
    let others = ZONES.length;
    /** A mail to somebody else, long due: once it is there, the worker has looked at what is due. */
    const isLookedAt = async () => {
      const other = addressOf((others += 1));
      await plan([other], ['--at', '2030-01-08T12:10Z']);
      await arrived(other);
    };
    const people = [BERLIN, TOKYO, NEW_YORK];
    /** Who of the batch gets a mail from a worker that starts when it is this time; `awaited` is waited for. */
    const work = async (iso: string, awaited: readonly string[] = []) => {
      const before = sink.mails.length;
      const aheadMs = ahead(iso);
      const worker = site.start(['worker'], aheadMs);
      await isLookedAt();
      for (const address of awaited) await arrived(address);
      await isLookedAt();
      worker.kill('SIGTERM');
      expect((await worker).exitCode).toBe(0);
      return sink.mails
        .slice(before)
        .filter(({ to }) => people.includes(to))
        .map(({ to, at }) => ({ to, at: at + aheadMs }));
    };
    const names = (mails: readonly { readonly to: string }[]) => mails.map(({ to }) => to);

    const schedule = ['--at', '2030-01-09 01:00', '--between', '08:00-18:00'];
    const planned = await plan(people, schedule);
    expect(planned).toMatchObject({
      ...{ total: 3, queued: 3, startsAt: '2030-01-09T00:00:00.000Z' },
      ...{ between: '08:00-18:00', timeZone: 'Europe/Berlin', zonesUnknown: 0 },
    });
    // in Tokyo it is day already, but the batch has not begun
    expect(await work('2030-01-08T23:30:00Z')).toEqual([]);
    expect(names(await work('2030-01-09T06:30:00Z', [TOKYO]))).toEqual([TOKYO]);
    // some seconds before it is eight o'clock in Berlin
    const [mail, ...rest] = await work('2030-01-09T06:59:55Z', [BERLIN]);
    expect([mail?.to, rest]).toEqual([BERLIN, []]);
    expect(mail?.at).toBeGreaterThanOrEqual(Date.parse('2030-01-09T07:00:00Z'));
    expect(names(await work('2030-01-09T12:30:00Z'))).toEqual([]);
    expect(names(await work('2030-01-09T13:00:00Z', [NEW_YORK]))).toEqual([NEW_YORK]);

    const [shown] = (await site.run(['batch', 'show', String(planned['batch']), '--json'])).rows();
    expect(shown).toMatchObject({ total: 3, sent: 3, queued: 0, failed: 0 });
    await site.remove();
    await sink.close();
  });
});
