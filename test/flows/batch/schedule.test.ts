import { expect, it, onTestFinished } from 'vitest';
import { showBatch } from '../../../src/flows/batch/follow-batch.ts';
import { planBatch } from '../../../src/flows/batch/plan-batch.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { claimDue } from '../../../src/flows/delivery/claim-messages.ts';
import { runWorker } from '../../../src/flows/delivery/run-worker.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { openFlowApp, operator } from '../flow-app.ts';

const HOUR = 3_600_000;
const zones = {
  berlin: 'Europe/Berlin',
  tokyo: 'Asia/Tokyo',
  york: 'America/New_York',
  none: null,
  odd: 'Mars/Phobos',
} as const;

/** People in these zones, and a batch of them that is started. */
async function startAt(
  open: () => Promise<TestDatabase>,
  iso: string,
  schedule: { readonly startsAt?: number; readonly dayWindow?: string },
) {
  const flags = { timeZone: 'Europe/Berlin', 'users.timeZone': 'zone' };
  const flow = await openFlowApp(await open(), { flags });
  onTestFinished(flow.close);
  const { app, clock, mailbox } = flow;
  await app.usersDb.schema.alterTable('users', (table) => void table.string('zone'));
  for (const [name, zone] of Object.entries(zones)) {
    const id = await flow.addUser(`${name}@example.test`);
    await app.usersDb('users').where({ id }).update({ zone });
  }
  clock.advance(Date.parse(iso) - clock.now());
  const request = {
    choice: { kind: 'users', where: [] },
    ...{ except: [], isLocking: false, isMailed: true, actor: operator, isDryRun: false },
    ...schedule,
  } as const;
  const plan = await planBatch(app, request, true);
  const { signal } = new AbortController();
  await beginBatch(app, plan.batch, { signal, onLocked: () => undefined });
  const show = () => showBatch(app, plan.batch.id);
  return {
    ...flow,
    plan,
    show,
    /** names of those who get a mail now, from any worker */
    deliver: async () => {
      const before = mailbox.messages.length;
      const ending = new AbortController();
      const { counts } = await show();
      const due = counts.queued - counts.later;
      let settled = 0;
      const onDelivered = () => {
        settled += 1;
        if (settled === due) ending.abort();
      };
      if (due > 0) await runWorker(await flow.another(), { signal: ending.signal, onDelivered });
      const names = mailbox.messages.slice(before).map(({ envelope }) => envelope.to[0]?.split('@')[0]);
      return names.sort();
    },
  };
}

const hours = { dayWindow: '08:00-18:00' } as const;

eachDatabase('the hours of a batch', (open) => {
  it("are those of each person's day, and the set-up's where none is known", async () => {
    const scene = await startAt(open, '2026-11-30T06:30:00Z', hours); // Berlin 07:30, Tokyo 15:30, New York 01:30
    expect(scene.plan.batch).toMatchObject({ ...hours, timeZone: 'Europe/Berlin', zonesUnknown: 1 });
    expect(scene.plan.counts).toMatchObject({ later: 4, laterAt: Date.parse('2026-11-30T07:00:00Z') });
    expect(await scene.deliver()).toEqual(['tokyo']);
    scene.clock.advance(HOUR / 2);
    expect(await scene.deliver()).toEqual(['berlin', 'none', 'odd']);
    scene.clock.advance(6 * HOUR - 1);
    expect((await claimDue(scene.app, { limit: 10, turn: 1 })).claimed).toEqual([]);
    scene.clock.advance(1);
    expect(await scene.deliver()).toEqual(['york']);
  });

  it('are kept by mails that come late: queued again, or held up by a rate', async () => {
    const scene = await startAt(open, '2026-11-30T09:30:00Z', hours); // Tokyo 18:30
    expect((await scene.show()).counts.later).toBe(2);
    await scene.app.ledger('reset_outbox').update({ due_at: scene.clock.now() });
    const { claimed } = await claimDue(scene.app, { limit: 10, turn: 1 });
    expect(claimed.map(({ message }) => message.recipient).sort()).toEqual([
      'berlin@example.test',
      'none@example.test',
      'odd@example.test',
    ]);
    const { later, laterAt } = (await scene.show()).counts;
    expect([later, laterAt]).toEqual([2, Date.parse('2026-11-30T13:00:00Z')]);
  });

  it('begin at an instant', async () => {
    const startsAt = Date.parse('2026-12-01T21:00:00Z');
    const scene = await startAt(open, '2026-11-30T09:30:00Z', { startsAt });
    expect((await scene.show()).counts).toMatchObject({ later: 5, laterAt: startsAt });
    expect((await claimDue(scene.app, { limit: 10, turn: 1 })).claimed).toEqual([]);
    scene.clock.advance(-40 * HOUR); // a clock that was set back makes nothing due
    expect((await claimDue(scene.app, { limit: 10, turn: 1 })).claimed).toEqual([]);
    scene.clock.advance(startsAt - scene.clock.now());
    expect(await scene.deliver()).toHaveLength(5);
    await expect(startAt(open, '2026-12-02T09:30:00Z', { startsAt })).rejects.toThrow(/--at names a time/);
  });
});
