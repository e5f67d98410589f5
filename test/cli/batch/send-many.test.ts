import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { makeScene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';
import { startSilentServer } from '../../helpers/mailbox.ts';
import { untilWaiting } from '../../helpers/start-apply.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);
const outbox = (db: Db) => db('reset_outbox').count({ n: '*' }).first();

describe('send to many', () => {
  it('shows the one mail that would go to a user, however named, with the life of its link', async () => {
    const { site, sink } = await makeScene(2);
    for (const named of [[addressOf(2)], ['--id', '2'], ['--username', 'user2']]) {
      const ran = await site.run(['send', ...named, '--dry-run']);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain(`sample, to ${addressOf(2)}`);
      expect(ran.stdout).toContain('expires in 1 hour');
    }
    expect((await site.run(['send', '--id', '3', '--dry-run'])).code).toBe(4);
    expect((await site.run(['send', '--id', '2', '--all', '--dry-run'])).code).toBe(2);
    expect(sink.mails).toEqual([]);
  });

  it('R54: sends nothing and keeps nothing with --dry-run, and shows the plan with samples', async () => {
    const { site, sink, db } = await makeScene(5);
    await db('users').where({ id: 5 }).update({ email: 'no address' });
    const ran = await site.run(['send', '--all', '--dry-run', '--rate', '2/s', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.rows().filter(({ status }) => status === 'planned')).toHaveLength(4);
    expect(ran.rows()).toContainEqual({
      email: 'no address',
      userId: '5',
      status: 'skipped',
      reason: 'no_address',
    });
    expect(summaryOf(ran.rows())).toMatchObject({
      batch: null,
      total: 5,
      planned: 4,
      seconds: 2,
      reasons: { no_address: 1 },
    });
    expect((summaryOf(ran.rows())?.['samples'] as object[]).length).toBe(3);
    expect(sink.mails).toHaveLength(0);
    expect(await outbox(db)).toEqual({ n: 0 });
  });

  it('needs --yes where it cannot ask', async () => {
    const { site, sink, db } = await makeScene(2);
    const ran = await site.run(['send', '--all', '--json']);
    expect([ran.code, ran.error().code]).toEqual([2, 'usage_invalid']);
    expect(sink.mails).toHaveLength(0);
    expect(await outbox(db)).toEqual({ n: 0 });
  });

  it('R54: stops with exit 2 when --expect says another number', async () => {
    const { site, sink } = await makeScene(3);
    const ran = await site.run(['send', '--all', '--yes', '--expect', '4', '--json']);
    expect([ran.code, ran.error().details['count']]).toEqual([2, 3]);
    expect(sink.mails).toHaveLength(0);
    expect((await site.run(['send', '--all', '--yes', '--expect', '3'])).code).toBe(0);
    expect(sink.mails).toHaveLength(3);
  });

  it('prints one line for each recipient and the summary last', async () => {
    const { site, sink } = await makeScene(3);
    const ran = await site.run(['send', addressOf(1), addressOf(3), '--yes', '--json']);
    expect(ran.rows().map(({ email, status }) => [email, status])).toEqual([
      [addressOf(1), 'sent'],
      [addressOf(3), 'sent'],
      [undefined, undefined],
    ]);
    expect(summaryOf(ran.rows())).toEqual({
      batch: expect.any(String) as string,
      total: 2,
      sent: 2,
      skipped: 0,
      failed: 0,
      unknown: 0,
      outcomes: expect.objectContaining({ open: 2, changed: 0 }) as object,
    });
    const [mail] = sink.mails;
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.raw).not.toMatch(/^List-/im);
    expect(mail?.raw).toContain('An administrator');
  });

  it('reads addresses with BOM, CRLF and duplicates from stdin, and stops at unknown ones', async () => {
    const { site, sink } = await makeScene(3);
    const input = `\uFEFF${addressOf(1)}\r\nnobody@example.com\r\n${addressOf(1).toUpperCase()}\r\n`;
    const refused = await site.run(['send', '--file', '-', '--yes', '--json'], { input });
    expect([refused.code, refused.error().code]).toEqual([4, 'user_not_found']);
    expect(refused.error().details['unknown']).toEqual(['nobody@example.com']);
    expect(sink.mails).toHaveLength(0);
    const ran = await site.run(['send', '--file', '-', '--yes', '--ignore-unknown', '--json'], { input });
    expect(ran.code).toBe(0);
    expect(summaryOf(ran.rows())).toMatchObject({ total: 3, sent: 1, skipped: 2 });
    expect(ran.rows().map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['user_not_found', 'duplicate']),
    );
    expect(sink.mails.map(({ to }) => to)).toEqual([addressOf(1)]);
  });

  it('lists every line that names nobody, as it was written, after the plan of a dry run', async () => {
    const { site, db, write } = await makeScene(2);
    const file = await write('some.csv', `id;email\r\n1;\r\n99;\r\n;zoe@example.com\r\n1;\r\n`);
    const ran = await site.run(['send', '--file', file, '--dry-run']);
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('4 people chosen: 1 gets a mail; 3 are skipped.');
    expect(ran.stderr).toContain(`${file}:3 names no user: 99\n! ${file}:4 names no user: zoe@example.com\n`);
    const json = await site.run(['send', '--file', file, '--yes', '--ignore-unknown', '--json']);
    const rows = json.rows().filter(({ status }) => status === 'skipped');
    expect(rows.map(({ userId, email, reason }) => [userId, email, reason])).toEqual([
      ['99', null, 'user_not_found'],
      [null, 'zoe@example.com', 'user_not_found'],
      ['1', addressOf(1), 'duplicate'],
    ]);
    expect(await db('reset_batches')).toHaveLength(1);
  });

  it('keeps no plan of what could not be planned', async () => {
    const { site, db, write } = await makeScene(1);
    const file = await write('broken.csv', `email\n${'a'.repeat(200_000)}\n`);
    expect((await site.run(['send', '--where', 'nope=1', '--yes'])).code).toBe(2);
    expect((await site.run(['send', '--file', file, '--yes'])).code).toBe(2);
    expect(await db('reset_batches')).toEqual([]);
  });

  it('chooses by column, leaves people out, and reports two users on one address', async () => {
    const { site, sink, db, write } = await makeScene(8);
    await db('users').whereIn('id', [1, 2, 3, 4, 5, 6]).update({ locale: 'en' });
    await db('users')
      .where({ id: 2 })
      .update({ email: addressOf(1).toUpperCase() });
    const exclude = await write('out.csv', `id\n3\n`);
    const ran = await site.run([
      'send',
      '--where',
      'locale=en',
      '--exclude',
      exclude,
      '--except',
      'username=user4',
      '--yes',
      '--json',
    ]);
    expect(ran.code).toBe(0);
    const reasons = ran
      .rows()
      .filter(({ status }) => status === 'skipped')
      .map(({ userId, reason }) => [userId, reason]);
    expect(reasons.sort()).toEqual([
      ['1', 'ambiguous'],
      ['2', 'ambiguous'],
      ['3', 'excluded'],
      ['4', 'excepted'],
    ]);
    expect(sink.mails.map(({ to }) => to).sort()).toEqual([addressOf(5), addressOf(6)]);
  });

  it('R72: refuses a column that the table has not got, with the nearest one', async () => {
    const { site } = await makeScene(1);
    const ran = await site.run(['send', '--where', 'emial=x', '--dry-run', '--json']);
    expect([ran.code, ran.error().message]).toEqual([2, expect.stringContaining('did you mean email?')]);
  });

  it('skips people whose password was reset since, according to our own ledger', async () => {
    const { site, sink, db } = await makeScene(2);
    await db('users').update({ updated_at: '2020-01-01 00:00:00' });
    const row = { request_id: 'r', kid: 'k', iat: 1, exp: 2, fp: 'f', state: 'used', settled_at: Date.now() };
    await db('reset_tokens').insert({ ...row, jti: 'j', user_id: '1' });
    const ran = await site.run(['send', '--all', '--skip-if-changed-since', '1d', '--yes', '--json']);
    expect(ran.rows()).toContainEqual(expect.objectContaining({ userId: '1', reason: 'changed_since' }));
    expect(sink.mails.map(({ to }) => to)).toEqual([addressOf(2)]);
  });

  it('sends test copies elsewhere, marked, with a link that does nothing', async () => {
    const { site, sink, db, write } = await makeScene(2);
    const reason = await write('why.txt', 'First line <b>\nSecond line');
    const ran = await site.run([
      'send',
      '--all',
      '--redirect-to',
      'boss@example.com',
      '--reason-file',
      reason,
      '--yes',
      '--json',
    ]);
    expect(ran.code).toBe(0);
    expect(sink.mails.map(({ to }) => to)).toEqual(['boss@example.com', 'boss@example.com']);
    const { subject, text, html } = await simpleParser(sink.mails[0]?.raw ?? '');
    expect(subject).toContain('[Test]');
    expect(text).toContain('reset_password/test-copy');
    expect(html).toContain('First line &lt;b&gt;<br>');
    expect(await db('reset_tokens')).toEqual([]);
    expect(ran.rows().map(({ email }) => email)).toContain(addressOf(1));
  });

  it('pauses after the canaries and says how to continue', async () => {
    const { site, sink } = await makeScene(6);
    const first = await site.run(['send', '--all', '--canary', '2', '--yes']);
    expect(first.code).toBe(0);
    expect(sink.mails).toHaveLength(2);
    for (const { to } of sink.mails) expect(first.stderr).toContain(to);
    const [, id = ''] = /reset batch resume (\w+)/.exec(first.stderr) ?? [];
    const rest = await site.run(['batch', 'resume', id, '--json']);
    expect(summaryOf(rest.rows())).toMatchObject({ batch: id, total: 6, sent: 6 });
    expect(new Set(sink.mails.map(({ to }) => to)).size).toBe(6);
  });

  it('tries just the canaries again that failed, and waits for the look still', async () => {
    let isBroken = true;
    const { site, sink } = await makeScene(6, { onRcpt: () => (isBroken ? '550 5.7.1 no' : undefined) });
    const first = await site.run(['send', '--all', '--canary', '2', '--yes', '--json']);
    expect([first.code, first.error().message]).toEqual([12, expect.stringContaining('reset batch retry')]);
    const id = String(summaryOf(first.rows())?.['batch']);
    isBroken = false;
    const retried = await site.run(['batch', 'retry', id, '--json']);
    expect([retried.code, summaryOf(retried.rows())]).toMatchObject([0, { sent: 2, failed: 0, queued: 4 }]);
    expect(sink.mails).toHaveLength(2);
    expect((await site.run(['batch', 'resume', id])).code).toBe(0);
    expect(sink.mails).toHaveLength(6);
  });

  it('sends no more than its canaries after a pause for another reason', async () => {
    let isBroken = true;
    const { site, sink } = await makeScene(6, { onRcpt: () => (isBroken ? '530 5.7.0 sign in' : undefined) });
    const first = await site.run(['send', '--all', '--canary', '3', '--rate', '2/s', '--yes', '--json']);
    expect([first.code, first.error().code]).toEqual([10, 'delivery_failed']);
    isBroken = false;
    const id = String(summaryOf(first.rows())?.['batch']);
    const resumed = await site.run(['batch', 'resume', id]);
    expect([resumed.code, resumed.stderr]).toEqual([
      0,
      expect.stringContaining('The first 3 mails were sent'),
    ]);
    expect(sink.mails).toHaveLength(3);
  });

  it('continues its unfinished batch when the same command is given again', async () => {
    const { site, sink } = await makeScene(6);
    await site.run(['send', '--all', '--canary', '2', '--yes', '--rate', '50/s']);
    const same = await site.run(['send', '--all', '--canary', '2', '--yes', '--rate', '50/s']);
    expect([same.code, sink.mails.length]).toEqual([0, 4]);
    expect(same.stderr).not.toMatch(/continues at/);
    const again = await site.run(['send', '--all', '--yes', '--rate', '100/s']);
    expect([again.code, sink.mails.length]).toEqual([0, 6]);
    expect(again.stderr).toContain(
      '! It continues at 50/s, as it was started. --rate is for a new batch (--new).',
    );
    expect((await site.run(['batch', 'list', '--json'])).rows()).toHaveLength(1);
  });

  it('says nothing on stderr while many mails wait for their turn', async () => {
    const { site, sink } = await makeScene(30);
    const ran = await site.run(['send', '--all', '--yes', '--rate', '40/s', '--json']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(sink.mails).toHaveLength(30);
  });

  it('pauses at Ctrl-C with exit 130, and resumes without repeats', async () => {
    const { site, sink } = await makeScene(60);
    const running = site.start(['send', '--all', '--yes', '--rate', '20/s']);
    while (sink.mails.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('reset batch resume')]);
    expect(sink.mails.length).toBeLessThan(60);
    const [, id = ''] = /reset batch resume (\w+)/.exec(String(stderr)) ?? [];
    expect((await site.run(['batch', 'resume', id])).code).toBe(0);
    expect(sink.mails).toHaveLength(60);
  });

  it('stops at once at the second Ctrl-C, and nobody is forgotten', async () => {
    const silent = await startSilentServer();
    onTestFinished(() => silent.close());
    const { site, sink, db } = await makeScene(6, {}, { mail: { url: silent.url, from: 'a@example.com' } });
    const running = site.start(['send', '--all', '--yes']);
    const claimed = () => db('reset_outbox').where({ state: 'claimed' });
    while ((await claimed()).length === 0) await pause(20);
    running.kill('SIGINT');
    // Paused, and it knows.
    const isPaused = async () => (await db('reset_batches').where({ state: 'paused' })).length > 0;
    await untilWaiting(running.pid ?? 0, isPaused);
    expect(running.exitCode).toBeNull(); // mails in transit are awaited
    const pressedAt = performance.now();
    running.kill('SIGINT');
    const ended = await running;
    expect([ended.signal, ended.stderr]).toEqual([
      'SIGINT',
      expect.stringMatching(/Batch \w+ is paused.*batch resume/),
    ]);
    expect(performance.now() - pressedAt).toBeLessThan(8000); // a silent server is given 10 s

    // as if the time of the leases had passed
    await claimed().update({ claimed_until: 0 });
    const again = await site.run(['send', '--all', '--yes', '--json'], {
      env: { RESET_MAIL_URL: sink.url },
    });
    expect(summaryOf(again.rows())).toMatchObject({ total: 6, sent: 6 });
    expect(sink.mails).toHaveLength(6);
  });
});
