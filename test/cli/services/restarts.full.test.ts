import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { enqueue } from '../../../src/outbox/enqueue.ts';
import { startMailbox, type Mailbox } from '../../helpers/mailbox.ts';
import { eachOwnServer } from '../../helpers/own-server.ts';
import { goodPassword, makeSetup, type Ran, type Setup, succeed, susan } from '../../helpers/run-reset.ts';
import { startSink } from '../../helpers/sink.ts';
import { postForm, startReset, startServe } from '../../helpers/start-reset.ts';
import { startApply, untilWaiting } from '../../helpers/start-apply.ts';

/** What must never be seen, on stderr or in a log: a stack, a path of ours, SQL, a hash. */
const UNSPEAKABLE =
  /\n\s+at |node_modules|\/src\/|\/dist\/|\bselect |\bupdate |\binsert |\$2b\$|worker_failed/i;

function expectAway(ran: Ran): void {
  expect([ran.code, ran.error().code]).toEqual([11, 'database_unavailable']);
  expect(ran.stderr).not.toMatch(UNSPEAKABLE);
  expect(ran.stdout).toBe('');
}

const tokenIn = (text: string | undefined): string =>
  /\/reset_password\/(eyJ\S+)/.exec(text ?? '')?.[1] ?? '';

eachOwnServer('a database server that is restarted', (server) => {
  afterEach(() => server.start());

  async function start(): Promise<{ setup: Setup; mailbox: Mailbox }> {
    const mailbox = await startMailbox();
    onTestFinished(() => mailbox.close());
    return {
      mailbox,
      setup: await makeSetup({ database: await server.createDatabase(), 'mail.url': mailbox.url }),
    };
  }

  /** A mail for Susan, as the request page or another `send` leaves it. */
  async function queueMail(setup: Setup): Promise<void> {
    const db = await setup.open();
    const requestId = randomBytes(16).toString('hex');
    const actor = { kind: 'operator', name: 'test' } as const;
    await enqueue(
      db,
      { requestId, kind: 'reset', userId: susan.id, actor, expiresInMs: 3_600_000 },
      Date.now(),
    );
  }

  it('is unavailable to every command while it is away, and nothing was done when it is back', async () => {
    const { setup, mailbox } = await start();
    const token = await setup.issue();
    const before = await setup.dump();
    await server.stop();
    const commands = [
      ['send', susan.email],
      ['send', '--all', '--yes'],
      ['link', susan.email],
      ['verify', token],
      ['apply', token, '--generate'],
      ['worker', '--once'],
      ['worker'],
      ['serve', '--port', '0'],
      ['status', susan.email],
      ['resend', susan.email],
      ['revoke', susan.email],
      ['migrate'],
      ['presets', '--detect'],
    ];
    for (const command of commands) expectAway(await setup.run([...command, '--json']));
    await server.start();
    expect(await setup.dump()).toBe(before);
    expect(mailbox.messages).toEqual([]);
    await succeed(setup.apply(token));
  });

  it.each(['shutdown', 'crash'] as const)(
    'by a %s between the token and the password: nothing is half done, and the link is still good',
    async (how) => {
      const { setup } = await start();
      const token = await setup.issue();
      const file = join(setup.folder, 'token');
      await writeFile(file, token, { mode: 0o600 });
      const before = await setup.dump();
      const waiting = startApply(setup, file);
      await untilWaiting(waiting.pid, () => true);
      await server.stop(how);
      waiting.give(goodPassword);
      expect(await waiting.ended).toEqual({ code: 11, error: 'database_unavailable' });
      await server.start();
      expect(await setup.dump()).toBe(before);
      await succeed(setup.apply(token));
    },
  );

  it('by a crash while the password waits for a lock: nothing is half done, and the link is still good', async () => {
    const { setup } = await start();
    const token = await setup.issue();
    const before = await setup.dump();
    const db = await setup.open();
    const lock = await db.transaction();
    onTestFinished(() => void lock.rollback().catch(() => undefined));
    await lock('users').update({ locale: 'de' });
    const applying = setup.apply(token, goodPassword, '--json');
    await expect.poll(() => countWaiting(db, server.dialect), { interval: 200 }).toBe(1);
    await server.stop('crash');
    expectAway(await applying);
    await lock.rollback().catch(() => undefined); // as lost as the other
    await server.start();
    expect(await setup.dump()).toBe(before);
    await succeed(setup.apply(token));
  });

  it('while a mail is handed over: the send waits for it, and the mail goes out once', async () => {
    let starting: Promise<void> | undefined;
    const sink = await startSink({
      keepsRaw: true,
      beforeAnswer: async () => {
        await server.stop();
        starting ??= sleep(500).then(() => server.start());
      },
    });
    onTestFinished(() => sink.close());
    const setup = await makeSetup({ database: await server.createDatabase(), 'mail.url': sink.url });
    const sent = await setup.run(['send', susan.email, '--json']);
    await starting;
    expect([sent.code, sent.stderr, sent.rows()[0]?.['status']]).toEqual([0, '', 'sent']);
    expect(sink.mails).toHaveLength(1);
    const db = await setup.open();
    expect(await db('reset_outbox').select('state', 'attempts')).toEqual([{ state: 'sent', attempts: 1 }]);
  });

  it('for good while a mail is handed over: the send says that it must not be given again, and it need not', async () => {
    let crashing: Promise<void> | undefined; // by the first mail, not by its repeat
    const crash = () => (crashing ??= server.stop('crash'));
    const sink = await startSink({ keepsRaw: true, beforeAnswer: crash });
    onTestFinished(() => sink.close());
    const setup = await makeSetup({ database: await server.createDatabase(), 'mail.url': sink.url });
    const sent = await setup.run(['send', susan.email, '--json']);
    expectAway(sent);
    expect(sent.error().message).toMatch(/Don't send it again.+reset status susan@example.com/);
    await server.start();
    const db = await setup.open();
    await db('reset_outbox').update({ claimed_until: 0 }); // the lease of 30 s is over
    await succeed(setup.run(['worker', '--once']));
    // Sent once more than needed, and both are the same: one link, one Message-ID.
    expect(sink.mails.length).toBe(2);
    expect(new Set(sink.mails.map(({ messageId }) => messageId)).size).toBe(1);
    const status = await succeed(setup.run(['status', susan.email, '--json']));
    expect(status.stdout).toContain(String(sent.error().details['requestId']));
  });

  it.each(['shutdown', 'crash'] as const)(
    'under a worker, by a %s: it waits, says so, and continues by itself',
    async (how) => {
      const { setup, mailbox } = await start();
      const worker = startReset(setup, ['worker', '--log-format', 'json']);
      await queueMail(setup);
      await mailbox.waitFor(1, 20_000);
      await server.stop(how);
      await expect.poll(worker.log).toContain('"database_unavailable"');
      await server.start();
      await queueMail(setup);
      await mailbox.waitFor(2, 20_000);
      const db = await setup.open();
      await expect.poll(() => db('reset_outbox').pluck('state')).toEqual(['sent', 'sent']);
      expect(worker.log()).not.toMatch(UNSPEAKABLE);
      expect(await worker.stop()).toBe(0);
    },
  );

  it('under a worker that is stopped meanwhile: it ends', async () => {
    const { setup, mailbox } = await start();
    const worker = startReset(setup, ['worker']);
    await queueMail(setup);
    await mailbox.waitFor(1, 20_000);
    const db = await setup.open();
    await expect.poll(() => db('reset_outbox').pluck('state')).toEqual(['sent']);
    await server.stop();
    await expect.poll(worker.log).toContain('database_unavailable');
    expect(await worker.stop()).toBe(0);
    expect(worker.log()).not.toMatch(UNSPEAKABLE);
  });

  it('under a worker that is stopped meanwhile with a mail in hand: it ends soon, and says what it could not save', async () => {
    const sink = await startSink({ beforeAnswer: () => server.stop('crash') });
    onTestFinished(() => sink.close());
    const setup = await makeSetup({ database: await server.createDatabase(), 'mail.url': sink.url });
    const worker = startReset(setup, ['worker']);
    await queueMail(setup);
    await expect.poll(worker.log).toContain('database_unavailable');
    const startedAt = performance.now();
    expect(await worker.stop()).toBe(11);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(worker.log()).toMatch(/result of 1 mail.+same link/);
    expect(worker.log()).not.toMatch(UNSPEAKABLE);
  });

  it('under the listener: the pages say so, and recover by themselves; what was typed before is mailed', async () => {
    const { setup, mailbox } = await start();
    const token = await setup.issue();
    const served = await startServe(setup);
    const request = `${served.url}/reset_password_request`;
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    expect((await postForm(request, { email: susan.email })).status).toBe(303);
    await server.stop(); // before the address was looked up: that waits for up to 400 ms

    expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    expect((await fetch(request)).status).toBe(200);
    const link = `${served.url}/reset_password/${token}`;
    const password = { password: goodPassword, password2: goodPassword };
    for (const answer of [
      await fetch(link),
      await postForm(link, password),
      await postForm(request, { email: 'x@y.z' }),
    ]) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await answer.text()).not.toMatch(UNSPEAKABLE);
    }

    await server.start();
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    expect((await fetch(link)).status).toBe(200);
    const [mail] = await mailbox.waitFor(1, 60_000);
    expect(mail?.envelope.to).toEqual([susan.email]);
    const typed = `${served.url}/reset_password/${tokenIn(mail?.parsed.text)}`;
    expect((await postForm(typed, password)).status).toBe(303);
    const [, notice] = await mailbox.waitFor(2, 20_000);
    expect(notice?.parsed.text).not.toContain('/reset_password/');
    expect((await postForm(link, password)).status).toBe(410);
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    await succeed(setup.run(check, { input: `${goodPassword}\n` }));
    expect(await served.stop()).toBe(0);
    expect(served.log()).not.toMatch(UNSPEAKABLE);
  });

  it('under a listener that is stopped meanwhile: it ends within what systemd grants, and says what it dropped', async () => {
    const { setup } = await start();
    const served = await startServe(setup);
    // Nobody is looked up before the server stops.
    const holder = await (await setup.open()).transaction();
    onTestFinished(() => void holder.rollback().catch(() => undefined));
    await holder.raw(LOCK_USERS[server.dialect]);
    for (const email of [susan.email, 'miguel@example.com'])
      expect((await postForm(`${served.url}/reset_password_request`, { email })).status).toBe(303);
    await server.stop();
    const startedAt = performance.now();
    expect(await served.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(35_000);
    expect(served.log()).toMatch(/"request_refused".+"database_unavailable"|"request_dropped"/);
    expect(served.log()).not.toMatch(UNSPEAKABLE);
  });
});

const LOCK_USERS = {
  postgres: 'lock table users in access exclusive mode',
  mysql: 'lock tables users write',
};

/** How many wait for somebody's lock. MariaDB refreshes this view only for those who have not asked in the last 100 ms. */
async function countWaiting(db: Db, dialect: 'postgres' | 'mysql'): Promise<number> {
  if (dialect === 'postgres') {
    const { rows } = (await db.raw(
      `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )) as { rows: [{ n: number }] };
    return Number(rows[0].n);
  }
  const [[row]] = (await db.raw(
    `select count(*) as n from information_schema.innodb_trx where trx_state = 'LOCK WAIT'`,
  )) as [[{ n: number }]];
  return Number(row.n);
}
