import { describe, expect, it } from 'vitest';
import { makeScene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';

interface Row {
  readonly user_id: string;
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);

describe('breach mode', () => {
  it('refuses to lock without --yes and --expect', async () => {
    const { site } = await makeScene(1);
    expect((await site.run(['send', '--all', '--lock', '--yes'])).code).toBe(2);
    expect((await site.run(['send', '--all', '--lock', '--expect', '1'])).code).toBe(2);
  });

  it('locks passwords, ends sessions, mails links that work, and spares who is excepted', async () => {
    const onReset = [{ delete: 'sessions', where: { user_id: '{id}' }, sessions: true }];
    const { site, sink, db } = await makeScene(4, {}, { users: { onReset, active: 'is_active' } });
    await db.schema.alterTable('users', (table) => void table.boolean('is_active').defaultTo(true));
    await db('users').where({ id: 3 }).update({ is_active: false });
    await db.schema.createTable('sessions', (table) => void table.integer('user_id'));
    await db('sessions').insert([{ user_id: 1 }, { user_id: 1 }, { user_id: 3 }, { user_id: 4 }]);
    const hashes = async () => (await db('users').orderBy('id')).map((user) => user.password_hash as string);
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
  });

  it('does not take a test for the real thing', async () => {
    const { site } = await makeScene(1);
    const test = ['send', '--all', '--lock', '--redirect-to', 'boss@example.com', '--yes', '--expect', '1'];
    expect((await site.run(test)).code).toBe(2);
  });

  it('stops at Ctrl-C between two steps, and spares people with a new password when it continues', async () => {
    const { site, db } = await makeScene(9000);
    const args = ['send', '--all', '--lock', '--mail', 'none', '--yes', '--expect', '9000'];
    const running = site.start(args);
    const lockedRows = async () =>
      (await db('reset_outbox').whereNotNull('locked_at').select('user_id')) as Row[];
    while ((await lockedRows()).length === 0) await pause(10);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining('Run the same command again')]);
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
