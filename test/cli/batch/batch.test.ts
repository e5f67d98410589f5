import { simpleParser } from 'mailparser';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { makeScene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';
import { startSilentServer } from '../../helpers/mailbox.ts';
import { startSink } from '../../helpers/sink.ts';

interface Row {
  readonly user_id: string;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const numberOf = (address: string): number => Number(/^user(\d+)@/.exec(address)?.[1]);
const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);
const outbox = (db: Db) => db('reset_outbox').count({ n: '*' }).first();

describe('send to many', () => {
  it('shows the one mail that would go to a user, however named, with the life of its link', async () => {
    const { site, sink } = await makeScene(2);
    for (const named of [[addressOf(2)], ['--id', '2'], ['--username', 'user2']]) {
      const ran = await site.run(['send', ...named, '--dry-run']);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain(`sample, to ${addressOf(2)}`);
      expect(ran.stdout).toContain('valid for 1 hour');
    }
    expect((await site.run(['send', '--id', '3', '--dry-run'])).code).toBe(4);
    expect((await site.run(['send', '--id', '2', '--all', '--dry-run'])).code).toBe(2);
    expect(sink.mails).toEqual([]);
  });

  it('R54: sends nothing and keeps nothing with --dry-run, and tells the plan with samples', async () => {
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

  it('chooses by column, leaves people out, and tells two users on one address', async () => {
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

  it('skips whose password was reset since, by our own ledger', async () => {
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

  it('pauses after the canaries and says how to go on', async () => {
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
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('The first 3 are out')]);
    expect(sink.mails).toHaveLength(3);
  });

  it('goes on with its unfinished batch when the same command is given again', async () => {
    const { site, sink } = await makeScene(6);
    await site.run(['send', '--all', '--canary', '2', '--yes']);
    const again = await site.run(['send', '--all', '--yes', '--json']);
    expect([again.code, sink.mails.length]).toEqual([0, 6]);
    expect((await site.run(['batch', 'list', '--json'])).rows()).toHaveLength(1);
  });

  it('says nothing on stderr while many mails wait for their turn', async () => {
    const { site, sink } = await makeScene(30);
    const ran = await site.run(['send', '--all', '--yes', '--rate', '40/s', '--json']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(sink.mails).toHaveLength(30);
  });

  it('pauses at Ctrl-C with exit 130, and resumes without repeats', async () => {
    const { site, sink } = await makeScene(40);
    const running = site.start(['send', '--all', '--yes', '--rate', '20/s']);
    while (sink.mails.length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('reset batch resume')]);
    expect(sink.mails.length).toBeLessThan(40);
    const [, id = ''] = /reset batch resume (\w+)/.exec(String(stderr)) ?? [];
    expect((await site.run(['batch', 'resume', id])).code).toBe(0);
    expect(sink.mails).toHaveLength(40);
  });

  it('stops at once at the second Ctrl-C, and nobody is forgotten', async () => {
    const silent = await startSilentServer();
    onTestFinished(() => silent.close());
    const { site, sink, db } = await makeScene(6, {}, { mail: { url: silent.url, from: 'a@example.com' } });
    const running = site.start(['send', '--all', '--yes']);
    const claimed = () => db('reset_outbox').where({ state: 'claimed' });
    while ((await claimed()).length === 0) await pause(20);
    running.kill('SIGINT');
    await pause(500);
    expect(running.exitCode).toBeNull(); // what is under way is waited for
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

describe('a mail server that refuses', () => {
  it(
    'tries 450s again, ends with exit 12 for 550s, and reports just them for another batch',
    { timeout: 120_000 },
    async () => {
      const { site, sink, write } = await makeScene(30, {
        onRcpt: (address, attempt) => {
          if (numberOf(address) % 10 === 0) return '550 5.1.1 no such mailbox';
          return numberOf(address) % 3 === 0 && attempt === 1 ? '450 4.2.1 busy' : undefined;
        },
      });
      const ran = await site.run(['send', '--all', '--yes', '--json']);
      expect([ran.code, ran.error().code]).toEqual([12, 'batch_incomplete']);
      expect(summaryOf(ran.rows())).toMatchObject({ total: 30, sent: 27, failed: 3 });
      expect(sink.mails).toHaveLength(27);
      const failed = ran.rows().filter(({ status }) => status === 'failed');
      expect(failed.map(({ reply }) => reply)).toEqual(
        Array.from(failed, () => expect.stringContaining('550 5.1.1') as string),
      );
      const id = String(summaryOf(ran.rows())?.['batch']);
      expect(ran.error().message).toContain(`reset batch retry ${id}`);

      const again = await site.run(['send', '--all', '--yes', '--json']);
      expect([again.code, sink.mails.length]).toEqual([12, 27]);

      const report = await site.run(['batch', 'report', id, '--status', 'failed']);
      const file = await write('failed.csv', report.stdout);
      const plan = await site.run(['send', '--file', file, '--dry-run', '--json']);
      const planned = plan.rows().filter(({ status }) => status === 'planned');
      expect(planned.map(({ userId }) => userId).sort()).toEqual(['10', '20', '30']);
    },
  );

  it('retries just what failed', async () => {
    let isBroken = true;
    const { site, sink } = await makeScene(4, {
      onRcpt: (address) => (isBroken && numberOf(address) === 2 ? '550 5.1.1 not yet' : undefined),
    });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    isBroken = false;
    const retry = await site.run(['batch', 'retry', String(summaryOf(ran.rows())?.['batch']), '--json']);
    expect([ran.code, retry.code]).toEqual([12, 0]);
    expect(sink.mails.map(({ to }) => to).sort()).toEqual([1, 2, 3, 4].map((index) => addressOf(index)));
  });

  it(
    'repeats a mail with the same link and Message-ID when the answer was lost',
    { timeout: 60_000 },
    async () => {
      const seen: string[] = [];
      const { site, sink } = await makeScene(1, { onData: (_address, attempt) => attempt > 1 });
      const ran = await site.run(['send', '--all', '--yes', '--json']);
      expect(ran.code).toBe(0);
      seen.push(...sink.mails.map(({ messageId }) => messageId));
      expect(seen).toEqual([ran.rows()[0]?.['messageId']]);
    },
  );

  it('pauses the batch when it takes no mail from us at all, and says how to go on', async () => {
    const { site, sink } = await makeScene(20, { onRcpt: () => '530 5.7.0 authentication required' });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect([ran.code, ran.error().code]).toEqual([10, 'delivery_failed']);
    expect(ran.error().message).toContain('reset batch resume');
    expect(summaryOf(ran.rows())).toMatchObject({ sent: 0, failed: 0, queued: 20 });
    expect(sink.mails).toHaveLength(0);
  });

  it('pauses the batch when it stays away', { timeout: 120_000 }, async () => {
    const { site, sink, db } = await makeScene(30);
    await sink.close();
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    expect([ran.code, ran.error().message]).toEqual([10, expect.stringContaining('cannot be reached')]);
    const [batch] = (await site.run(['batch', 'list', '--json'])).rows();
    expect(batch).toMatchObject({ state: 'paused', failed: 0, queued: 30 });
    // Back again, everybody goes at once, however long the wait was to be.
    await db('reset_outbox')
      .where('attempts', '>', 0)
      .update({ due_at: Date.now() + 3_600_000 });
    const back = await startSink({}, Number(new URL(sink.url).port));
    const resumed = await site.run(['batch', 'resume', String(batch?.['batch']), '--json']);
    expect(summaryOf(resumed.rows())).toMatchObject({ total: 30, sent: 30 });
    await back.close();
  });
});

describe('batches', () => {
  it('leaves a batch as it was when there is nothing to retry, and a paused one paused', async () => {
    const { site, db } = await makeScene(4, {
      onRcpt: (address) => (numberOf(address) === 2 ? '550 5.1.1 no' : undefined),
    });
    const done = await site.run(['send', addressOf(1), addressOf(3), '--yes', '--json']);
    const id = String(summaryOf(done.rows())?.['batch']);
    expect((await site.run(['batch', 'retry', id])).code).toBe(2);
    expect((await site.run(['batch', 'show', id, '--json'])).rows()[0]).toMatchObject({ state: 'done' });

    const failed = await site.run(['send', '--all', '--yes', '--json']);
    const other = String(summaryOf(failed.rows())?.['batch']);
    await db('reset_batches').where({ id: other }).update({ state: 'paused', pause_reason: 'by hand' });
    const retry = await site.run(['batch', 'retry', other, '--json']);
    expect([retry.code, retry.rows()[0]]).toMatchObject([0, { state: 'paused', queued: 1, failed: 0 }]);
  });

  it('says so where there are none', async () => {
    const { site } = await makeScene(1);
    const ran = await site.run(['batch', 'list']);
    expect([ran.code, ran.stdout, ran.stderr]).toEqual([0, '', expect.stringContaining('no batches yet')]);
  });

  it('ends a report without fuss when its reader has seen enough', async () => {
    const { site, db } = await makeScene(3000);
    const ran = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(ran.rows())?.['batch']);
    expect(await db('reset_outbox').where({ batch_id: id })).toHaveLength(3000);
    const report = site.start(['batch', 'report', id]);
    report.stdout.once('data', () => report.stdout.destroy());
    expect(await report).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('cancels what waits, and a worker leaves paused and cancelled batches alone', async () => {
    const { site, sink } = await makeScene(5);
    const first = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(first.rows())?.['batch']);
    expect((await site.run(['worker', '--once'])).code).toBe(0);
    expect(sink.mails).toHaveLength(1);
    const cancelled = await site.run(['batch', 'cancel', id, '--json']);
    expect(cancelled.rows()[0]).toMatchObject({
      state: 'cancelled',
      sent: 1,
      skipped: 4,
      cancelled: 4,
      queued: 0,
    });
    const shown = await site.run(['batch', 'show', id]);
    expect(shown.stdout).toContain('sent 1, skipped 0, cancelled 4, failed 0');
    expect((await site.run(['batch', 'resume', id])).code).toBe(2);
  });

  it('says of a mail that a killed worker held when its batch was cancelled that nobody knows', async () => {
    const { site, db } = await makeScene(3);
    const first = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(first.rows())?.['batch']);
    const held = { state: 'claimed', claimed_by: 'killed', claimed_until: Date.now() };
    await db('reset_outbox').where({ user_id: '3' }).update(held);
    const cancelled = await site.run(['batch', 'cancel', id, '--json']);
    expect(cancelled.rows()[0]).toMatchObject({ total: 3, sent: 1, skipped: 1, unknown: 1, claimed: 0 });
  });

  it('R83: escapes formulas in the CSV report, keeps ids exact, and reads them back', async () => {
    const { site, db, write } = await makeScene(1);
    await db('users').insert({ email: '=cmd@example.com', username: 'x' });
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    const report = await site.run([
      'batch',
      'report',
      String(summaryOf(ran.rows())?.['batch']),
      '--format',
      'csv',
    ]);
    expect(report.stdout).toMatch(/^id,email,status/);
    expect(report.stdout).toMatch(/^2,'=cmd@example\.com,sent/m);
    const plan = await site.run([
      'send',
      '--file',
      await write('again.csv', report.stdout),
      '--dry-run',
      '--json',
    ]);
    expect(summaryOf(plan.rows())).toMatchObject({ planned: 2 });
  });

  it('reports which links were used', async () => {
    const { site, db } = await makeScene(2);
    const ran = await site.run(['send', '--all', '--yes', '--json']);
    await db('reset_tokens').where({ user_id: '1' }).update({ state: 'used', settled_at: Date.now() });
    const id = String(summaryOf(ran.rows())?.['batch']);
    const report = await site.run(['batch', 'report', id, '--json']);
    expect(
      report
        .rows()
        .map(({ id: user, link }) => [user, link])
        .sort(),
    ).toEqual([
      ['1', 'used'],
      ['2', 'live'],
    ]);
  });

  it('cleans up what was settled long ago and keeps the audit', async () => {
    const { site, db } = await makeScene(3);
    await site.run(['send', '--all', '--yes']);
    const old = Date.now() - 100 * 86_400_000;
    await db('reset_outbox').update({ settled_at: old });
    await db('reset_tokens').update({ exp: Math.floor(old / 1000) });
    await db('reset_batches').update({ created_at: old });
    const before = await db('reset_audit').count({ n: '*' }).first();
    const ran = await site.run(['cleanup', '--older-than', '90d', '--json']);
    expect(ran.rows()).toMatchObject([{ mails: 3, tokens: 3, batches: 1 }]);
    const after = await db('reset_audit').count({ n: '*' }).first();
    expect(after?.['n']).toBe(Number(before?.['n']) + 1);
  });
});

describe('breach mode', () => {
  it('refuses to lock without --yes and --expect', async () => {
    const { site } = await makeScene(1);
    expect((await site.run(['send', '--all', '--lock', '--yes'])).code).toBe(2);
    expect((await site.run(['send', '--all', '--lock', '--expect', '1'])).code).toBe(2);
  });

  it(
    'locks passwords, ends sessions, mails links that work, and spares who is excepted',
    { timeout: 60_000 },
    async () => {
      const onReset = [{ delete: 'sessions', where: { user_id: '{id}' }, sessions: true }];
      const { site, sink, db } = await makeScene(4, {}, { users: { onReset, active: 'is_active' } });
      await db.schema.alterTable('users', (table) => void table.boolean('is_active').defaultTo(true));
      await db('users').where({ id: 3 }).update({ is_active: false });
      await db.schema.createTable('sessions', (table) => void table.integer('user_id'));
      await db('sessions').insert([{ user_id: 1 }, { user_id: 1 }, { user_id: 3 }, { user_id: 4 }]);
      const hashes = async () =>
        (await db('users').orderBy('id')).map((user) => user.password_hash as string);
      const before = await hashes();
      const args = ['send', '--all', '--lock', '--except', 'username=user4', '--yes'];
      const ran = await site.run([...args, '--expect', '3', '--json']);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(summaryOf(ran.rows())).toMatchObject({ sent: 2, skipped: 2 });
      const after = await hashes();
      expect(after.map((hash, index) => hash === before[index])).toEqual([false, false, false, true]);
      expect(after[0]).toMatch(/^\$2b\$\d\d\$/);
      expect(await db('sessions')).toEqual([{ user_id: 4 }]);
      expect(await db('reset_audit').where({ result: 'users_locked' })).toHaveLength(1);

      const raw =
        sink.mails
          .find(({ to }) => to === addressOf(1))
          ?.raw.replace(/=\r\n/g, '')
          .replace(/=3D/g, '=') ?? '';
      const [, token = ''] = /reset_password\/(eyJ[\w.-]+)/.exec(raw) ?? [];
      const input = `${token}\n`;
      expect((await site.run(['verify', '-', '--json'], { input })).rows()[0]).toMatchObject({
        valid: true,
        userId: '1',
      });
    },
  );

  it('does not take a test for the real thing', async () => {
    const { site } = await makeScene(1);
    const test = ['send', '--all', '--lock', '--redirect-to', 'boss@example.com', '--yes', '--expect', '1'];
    expect((await site.run(test)).code).toBe(2);
  });

  it('stops at Ctrl-C between two steps, and spares who has a new password when it goes on', async () => {
    const { site, db } = await makeScene(9000);
    const args = ['send', '--all', '--lock', '--mail', 'none', '--yes', '--expect', '9000'];
    const running = site.start(args);
    const lockedRows = async () =>
      (await db('reset_outbox').whereNotNull('locked_at').select('user_id')) as Row[];
    while ((await lockedRows()).length === 0) await pause(10);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('Give the same command again')]);
    const [locked] = await lockedRows();
    const [waiting] = (await db('reset_outbox').whereNull('locked_at').select('user_id')) as Row[];
    for (const user of [locked, waiting]) {
      const { stdout } = await site.run(['link', '--id', user!.user_id, '--json']);
      const { token } = JSON.parse(stdout) as { token: string };
      const applied = await site.run(['apply', token, '--password-stdin'], { input: 'seven green apples\n' });
      expect(applied.code).toBe(0);
    }
    const again = await site.run([...args, '--json']);
    expect([again.code, again.stderr]).toEqual([0, '']);
    const spared = (await db('users')
      .select('password_hash')
      .whereIn('id', [locked!.user_id, waiting!.user_id])) as { password_hash: string }[];
    const others = new Set((await db('users').pluck('password_hash')) as string[]);
    expect(others.size).toBe(4); // two locks, one for each run, and two new passwords
    expect(new Set(spared.map(({ password_hash: hash }) => hash)).size).toBe(2);
    const status = await site.run(['status', '--id', locked!.user_id]);
    expect(status.stdout).toContain('password locked');
  });

  it('takes a reset before the lock for none since', async () => {
    const { site, db, sink } = await makeScene(2);
    const row = {
      request_id: 'r',
      kid: 'k',
      iat: 1,
      exp: 2,
      fp: 'f',
      state: 'used',
      settled_at: Date.now() - 5000,
    };
    await db('reset_tokens').insert({ ...row, jti: 'j', user_id: '1' });
    await site.run(['send', '--all', '--lock', '--mail', 'none', '--yes', '--expect', '2']);
    await db('reset_tokens').insert({
      ...row,
      request_id: 's',
      settled_at: Date.now(),
      jti: 'k',
      user_id: '2',
    });
    const ran = await site.run(['send', '--all', '--skip-if-changed-since', '1d', '--yes', '--json']);
    expect(ran.code).toBe(0);
    expect(sink.mails.map(({ to }) => to)).toEqual([addressOf(1)]);
  });

  it('only locks with --mail none', async () => {
    const { site, sink, db } = await makeScene(2);
    const ran = await site.run([
      'send',
      '--all',
      '--lock',
      '--mail',
      'none',
      '--yes',
      '--expect',
      '2',
      '--json',
    ]);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(sink.mails).toHaveLength(0);
    expect(new Set((await db('users')).map((user) => user.password_hash as string)).size).toBe(1);
  });
});
