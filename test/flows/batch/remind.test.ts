import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app.ts';
import { followBatch, showBatch, type BatchOverview } from '../../../src/flows/batch/follow-batch.ts';
import { resumePaused } from '../../../src/flows/batch/manage-batches.ts';
import { planBatch, type Plan } from '../../../src/flows/batch/plan-batch.ts';
import { planReminder, type ReminderRequest } from '../../../src/flows/batch/plan-reminder.ts';
import { beginBatch, dropPlan } from '../../../src/flows/batch/start-batch.ts';
import { applyReset } from '../../../src/flows/links/apply-reset.ts';
import { verifyResetToken } from '../../../src/flows/links/verify-reset-token.ts';
import { assertAsMigrated } from '../../batches/outcome-migration.ts';
import { eachDatabase, type TestDatabase } from '../../helpers/databases.ts';
import { goodPassword, openFlowApp, operator, type FlowApp } from '../flow-app.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HASH = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';
const OTHER = '$2b$04$6yKZ1cM8lZ1bq3l1V1Yd9u0mOq7b3C8V5o1y4n5v3m9oZk1r2s3t4';

interface Scene extends FlowApp {
  /** name → id */
  readonly ids: Readonly<Record<string, string>>;
  /** the batch to all of them, delivered */
  readonly batchId: string;
  remind(over?: Partial<ReminderRequest>): Promise<Plan>;
  /** and delivers it */
  sendReminder(over?: Partial<ReminderRequest>): Promise<BatchOverview>;
  /** subjects of the mails since the last call, by name */
  newMails(): Record<string, string>;
  /** sets a new password with the newest link that this person got */
  useLink(name: string): Promise<void>;
  setUser(name: string, values: Record<string, unknown>): Promise<void>;
}

const addressOf = (name: string) => `${name}@example.test`;

async function makeScene(
  open: () => Promise<TestDatabase>,
  names: readonly string[],
  { isLocking = false } = {},
): Promise<Scene> {
  const onRcpt = (address: string) =>
    address.startsWith('bounced') ? { code: 550, text: '5.1.1 no such user' } : undefined;
  const flow = await openFlowApp(await open(), { mailbox: { onRcpt } });
  onTestFinished(flow.close);
  const { app, mailbox } = flow;
  const ids: Record<string, string> = {};
  for (const name of names) ids[name] = await flow.addUser(addressOf(name), HASH);
  const choice = { kind: 'users', where: [] } as const;
  const request = { choice, except: [], isLocking, isMailed: true, actor: operator, isDryRun: false };
  const { batch } = await planBatch(app, { ...request, reason: 'We found a leak.' }, false);
  await deliver(app, batch.id);
  let seen = 0;
  const newMails = () => {
    const fresh = mailbox.messages.slice(seen);
    seen += fresh.length;
    return Object.fromEntries(
      fresh.map(({ envelope, parsed }) => [envelope.to[0]?.split('@')[0] ?? '', parsed.subject ?? '']),
    );
  };
  newMails();
  const remind: Scene['remind'] = (over = {}) =>
    planReminder(app, {
      parentId: batch.id,
      afterMs: 3 * DAY,
      max: 2,
      actor: operator,
      isDryRun: false,
      ...over,
    });
  return {
    ...flow,
    ids,
    batchId: batch.id,
    remind,
    sendReminder: async (over) => deliver(app, (await remind(over)).batch.id),
    newMails,
    useLink: async (name) => {
      const mail = mailbox.messages.findLast(({ envelope }) => envelope.to[0] === addressOf(name));
      const [, token = ''] = /reset_password\/(\S+)/.exec(mail?.parsed.text ?? '') ?? [];
      await applyReset(app, await verifyResetToken(app, token), goodPassword, { kind: 'web', name: '::1' });
    },
    setUser: async (name, values) => {
      await app.usersDb('users').where({ id: ids[name] }).update(values);
    },
  };
}

async function deliver(app: App, id: string): Promise<BatchOverview> {
  const { batch } = await showBatch(app, id);
  const { signal } = new AbortController();
  await beginBatch(app, batch, { signal, onLocked: () => undefined });
  return followBatch(app, id, { signal, onProgress: () => undefined });
}

/** Counted by SQL: people with a used link, and people with a link that still works. */
async function countedBySql({ app, clock, ids }: Scene): Promise<{ changed: number; open: number }> {
  const tokens = (await app.ledger('reset_tokens').whereIn('user_id', Object.values(ids))) as {
    user_id: string;
    state: string;
    exp: number | string;
  }[];
  const nowS = clock.now() / 1000;
  const changed = new Set(tokens.filter(({ state }) => state === 'used').map((row) => row.user_id));
  const open = tokens.filter(({ state, exp }) => state === 'live' && Number(exp) > nowS);
  return { changed: changed.size, open: new Set(open.map((row) => row.user_id)).size };
}

eachDatabase('a reminder', (open) => {
  it('goes to who still has no new password, twice at most, and to nobody else', async () => {
    const scene = await makeScene(open, ['linked', 'inside', 'bounced', 'gone', 'moved', 'late', 'idle']);
    const { app, clock, batchId } = scene;
    await scene.useLink('linked');
    await scene.setUser('inside', { password_hash: OTHER });
    await scene.setUser('moved', { email: 'elsewhere@example.test' });
    await app.usersDb('users').where({ id: scene.ids['gone'] }).delete();

    clock.advance(3 * DAY - HOUR);
    const early = await scene.remind();
    expect(early.counts).toMatchObject({ total: 7, queued: 0 });
    expect(early.counts.reasons).toEqual({
      changed: 2,
      not_delivered: 1,
      user_gone: 1,
      mailed_lately: 3,
    });
    await dropPlan(app, early.batch);

    clock.advance(HOUR);
    const look = await scene.remind({ isDryRun: true });
    expect(look.counts.queued).toBe(3);
    const first = await scene.sendReminder();
    await dropPlan(app, look.batch);
    expect(first.batch).toMatchObject({ state: 'done', selection: `reminder 1 of ${batchId}`, reminder: 1 });
    expect(first.batch.reason).toBe('We found a leak.');
    const subject = 'Reminder: please reset your password for Example';
    expect(scene.newMails()).toEqual({ elsewhere: subject, late: subject, idle: subject });
    expect((await showBatch(app, batchId)).outcomes).toMatchObject(await countedBySql(scene));
    const again = await scene.remind();
    expect(again.counts).toMatchObject({ queued: 0, reasons: { mailed_lately: 3 } });
    await dropPlan(app, again.batch);

    await scene.useLink('late');
    const shown = await showBatch(app, batchId);
    expect(shown.outcomes).toMatchObject({ changed: 2, open: 2, failed: 1, skipped: 0 });
    expect(shown.outcomes).toMatchObject(await countedBySql(scene));
    expect(shown.reminders.map(({ batch, counts }) => [batch.id, counts.sent])).toEqual([
      [first.batch.id, 3],
    ]);

    clock.advance(3 * DAY);
    const second = await scene.sendReminder();
    expect(second.batch.selection).toBe(`reminder 2 of ${batchId}`);
    const last = 'Last reminder: please reset your password for Example';
    expect(scene.newMails()).toMatchObject({ elsewhere: last, idle: last });
    expect((await showBatch(app, batchId)).outcomes).toMatchObject({ changed: 2, open: 2 });
    expect((await showBatch(app, batchId)).outcomes).toMatchObject(await countedBySql(scene));

    clock.advance(3 * DAY);
    const third = await scene.remind();
    expect(third.counts).toMatchObject({ queued: 0, reasons: { changed: 3, reminded: 2 } });
    await expect(scene.remind({ parentId: second.batch.id })).rejects.toThrow(/is a reminder itself/);
    await dropPlan(app, third.batch);

    const reminders = app.ledger('reset_outbox').whereNotNull('first_id').whereNot({ state: 'skipped' });
    expect(await reminders.pluck('reminder')).toHaveLength(5);
    await assertAsMigrated(app.ledger);
  });

  it('of a batch that locked: says so, and spares people with a new password from the application', async () => {
    const scene = await makeScene(open, ['linked', 'inside', 'moved', 'idle'], { isLocking: true });
    await scene.useLink('linked');
    await scene.setUser('inside', { password_hash: OTHER });
    await scene.setUser('moved', { email: 'elsewhere@example.test' });
    scene.clock.advance(3 * DAY);
    const before = await scene.app.usersDb('users').orderBy('id').pluck<string[]>('password_hash');
    const { counts } = await scene.sendReminder({ max: 1 });
    expect(counts).toMatchObject({ sent: 2, reasons: { changed: 2 } });
    expect(await scene.app.usersDb('users').orderBy('id').pluck<string[]>('password_hash')).toEqual(before);
    const texts = scene.mailbox.messages.slice(-2).map(({ parsed }) => parsed.text?.replace(/\s+/g, ' '));
    for (const text of texts) {
      expect(text).toMatch(/old password .* no longer works, and you haven’t chosen a new one/);
      expect(text).toContain('You won’t get another reminder.');
      expect(text).toContain('We found a leak.');
    }
  });

  it('continues when it is given again, and leaves out who has changed meanwhile', async () => {
    const scene = await makeScene(open, ['first', 'second', 'third']);
    const { app, clock } = scene;
    clock.advance(3 * DAY);
    const paused = await scene.sendReminder({ canary: 1 });
    expect(paused).toMatchObject({ batch: { pauseCode: 'canary' }, counts: { sent: 1, queued: 2 } });
    const [reached = ''] = Object.keys(scene.newMails());
    const [changing = '', waiting = ''] = ['first', 'second', 'third'].filter((name) => name !== reached);
    clock.advance(5 * DAY);
    await scene.setUser(changing, { password_hash: OTHER });
    const again = await scene.remind({ max: 5 });
    expect([again.isResumed, again.batch.id]).toEqual([true, paused.batch.id]);
    await resumePaused(app, again.batch.id, operator);
    const signal = new AbortController().signal;
    const ended = await followBatch(app, again.batch.id, { signal, onProgress: () => undefined });
    expect(ended).toMatchObject({ batch: { state: 'done' }, counts: { sent: 2, reasons: { changed: 1 } } });
    expect(Object.keys(scene.newMails())).toEqual([waiting]);
  });

  it('is planned by one process at a time, and over again when that one has died', async () => {
    const scene = await makeScene(open, ['idle']);
    scene.clock.advance(3 * DAY);
    const other = await scene.another();
    const request = { parentId: scene.batchId, afterMs: 0, max: 2, actor: operator, isDryRun: false };
    // However close they are, there is one reminder: who comes second waits for it, or goes on with it.
    const both = await Promise.allSettled([scene.remind({ afterMs: 0 }), planReminder(other, request)]);
    const planned = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value.batch.id] : []));
    expect(new Set(planned).size).toBe(1);
    for (const each of both.filter(({ status }) => status === 'rejected'))
      expect(String((each as PromiseRejectedResult).reason)).toContain(
        'Another process is planning this batch',
      );
    // As a process leaves it that dies while it plans.
    const lapses = { state: 'planning', planned_until: scene.clock.now() + 30_000 };
    await scene.app.ledger('reset_batches').whereNotNull('parent_id').update(lapses);
    await expect(planReminder(other, request)).rejects.toThrow('Another process is planning this batch');
    scene.clock.advance(31_000);
    const sent = await scene.sendReminder();
    expect(sent).toMatchObject({ batch: { reminder: 1 }, counts: { total: 1, sent: 1 } });
    expect(await scene.app.ledger('reset_batches').whereNotNull('parent_id')).toHaveLength(1);
  });
});
