import { expect, it } from 'vitest';
import { migrateUp } from '../../src/db/migrate.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import { claim, findCandidates, LEASE_MS, renewLeases, requeueLapsed } from '../../src/outbox/claim.ts';
import type { Outcome } from '../../src/outbox/message.ts';
import { reserve } from '../../src/outbox/reserve.ts';
import { settle } from '../../src/outbox/settle.ts';
import { eachDatabase } from '../helpers/databases.ts';

const NOW = Date.UTC(2026, 10, 22);
const ONE = { requestId: 'r' };

eachDatabase('the outbox', (open) => {
  async function openOutbox(count: number) {
    const { db } = await open();
    await migrateUp(db);
    const row = {
      request_id: 'r',
      kind: 'reset',
      user_id: '1',
      state: 'queued',
      due_at: NOW,
      created_at: NOW,
    };
    const more = { actor_kind: 'operator', actor_name: 'x', expires_in_s: 60 };
    await db.batchInsert(
      'reset_outbox',
      Array.from({ length: count }, () => ({ ...row, ...more })),
    );
    const take = (worker: string, now: number) =>
      inTransaction(db, async (trx) => {
        const found = await findCandidates(trx, ONE, { now, limit: 10 });
        return claim(
          trx,
          found.map(({ id }) => id),
          { worker, now, host: 'example.com' },
        );
      });
    return { db, take };
  }

  it('settles every kind of outcome in one statement, and only what the worker still holds', async () => {
    const { db, take } = await openOutbox(6);
    const rows = await take('mine', NOW);
    const outcomes: Outcome[] = [
      { state: 'sent', reply: "250 it's taken", recipient: 'a@example.com' },
      { state: 'failed', reason: 'refused', reply: '550 no', recipient: 'b@example.com' },
      { state: 'retry', reason: 'temporary', reply: '450 later', at: NOW + 5000 },
      { state: 'retry', reason: 'auth', reply: '535 no', at: NOW, isFree: true },
      { state: 'skipped', reason: 'user_inactive', reply: null },
      { state: 'sent', reply: '250 lost', recipient: 'c@example.com' },
    ];
    await db('reset_outbox').where({ id: rows[5]?.id }).update({ claimed_by: 'another' });
    const settlements = rows.map(({ id }, index) => ({ id, outcome: outcomes[index] as Outcome }));
    const held = await inTransaction(db, (trx) => settle(trx, 'mine', settlements, NOW + 1));
    expect(held.size).toBe(5);
    const after = await db('reset_outbox').orderBy('id');
    expect(
      after.map((row) => [row.state, row.reason, row.attempts, Number(row.due_at) - NOW, row.recipient]),
    ).toEqual([
      ['sent', null, 1, 0, 'a@example.com'],
      ['failed', 'refused', 1, 0, 'b@example.com'],
      ['queued', 'temporary', 1, 5000, null],
      ['queued', 'auth', 0, 0, null],
      ['skipped', 'user_inactive', 1, 0, null],
      ['claimed', null, 1, 0, null],
    ]);
    expect(after.map((row) => row.settled_at !== null)).toEqual([true, true, false, false, true, false]);
    expect(after[0].reply).toBe("250 it's taken");
  });

  it('gives a dead worker’s mails to another, with the same Message-ID, and a living one’s to nobody', async () => {
    const { db, take } = await openOutbox(1);
    const [first] = await take('dead', NOW);
    const later = NOW + LEASE_MS;
    await renewLeases(db, 'dead', [first?.id ?? 0], NOW + 1);
    expect(await requeueLapsed(db, ONE, later)).toBe(0);
    expect(await take('other', later)).toEqual([]);
    expect(await requeueLapsed(db, ONE, later + 1)).toBe(1);
    const [second] = await take('other', later + 1);
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.attempts).toBe(2);
  });

  it('spreads departures evenly, and no more than half a second ahead', async () => {
    const { db } = await openOutbox(0);
    const ask = (wanted: number) => inTransaction(db, (trx) => reserve(trx, 'mail', 10, wanted));
    const first = await ask(100);
    expect(first.delaysMs.map(Math.round)).toEqual([0, 100, 200, 300, 400, 500]);
    const second = await ask(100);
    expect(second.delaysMs.length).toBeLessThanOrEqual(5);
    expect(second.waitMs).toBeGreaterThan(0);
  });
});
