import { expect, it } from 'vitest';
import { addressOf, makeBatchSite } from '../../helpers/batch-site.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startSink } from '../../helpers/sink.ts';

eachDatabase('batches', (open, dialect) => {
  it('plans every kind of recipient in the database, locks, and delivers', async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const onReset = [
      { delete: 'sessions', where: { user_id: '{id}' }, sessions: true },
      { set: { token: { random: 12 } } },
    ];
    const users = { active: { is_active: true, kind: { oneOf: ['person', 'team'] } }, onReset };
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: 9, config: { users } });
    await db.schema.alterTable('users', (table) => {
      table.boolean('is_active').defaultTo(true);
      table.string('kind', 20).defaultTo('person');
      table.string('token', 40);
      table.integer('team').defaultTo(7);
    });
    await db.schema.createTable('sessions', (table) => void table.integer('user_id'));
    await db('sessions').insert([{ user_id: 1 }, { user_id: 2 }, { user_id: 9 }]);
    await db('users').update({ updated_at: '2020-01-01 00:00:00' });
    const change = (id: number, values: Record<string, unknown>) => db('users').where({ id }).update(values);
    await change(2, { is_active: false });
    await change(3, { kind: 'robot' });
    await change(4, { email: 'nobody' });
    // a column that other changes of the row also write does not prove a new password
    await change(8, { updated_at: '2026-11-20 00:00:00' });
    const used = { kid: 'k', iat: 1, exp: 2, fp: 'f', state: 'used', settled_at: Date.parse('2026-11-20') };
    await db('reset_tokens').insert({ ...used, request_id: 'r', jti: 'j', user_id: '5' });
    if (dialect === 'mysql') await db.schema.alterTable('users', (table) => table.dropUnique(['email']));
    await change(6, { email: addressOf(1).toUpperCase() });
    await change(9, { team: 8 });
    const choice = ['send', '--where', 'team=7', '--where', 'kind=person', '--except', 'is_active=maybe'];
    expect((await site.run([...choice, '--dry-run', '--json'])).error().message).toContain('is_active=true');

    const args = [
      'send',
      '--where',
      'team=7',
      '--except',
      'username=user7',
      '--skip-if-changed-since',
      '2026-11-01',
    ];
    const ran = await site.run([...args, '--lock', '--yes', '--expect', '6', '--json']);
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const outcomes = ran
      .rows()
      .slice(0, -1)
      .map(({ userId, status, reason }) => [userId, status, reason]);
    expect(outcomes.sort()).toEqual([
      ['1', 'skipped', 'ambiguous'],
      ['2', 'skipped', 'user_inactive'],
      ['3', 'skipped', 'user_inactive'],
      ['4', 'skipped', 'no_address'],
      ['5', 'skipped', 'changed_since'],
      ['6', 'skipped', 'ambiguous'],
      ['7', 'skipped', 'excepted'],
      ['8', 'sent', undefined],
    ]);
    expect(sink.mails.map(({ to }) => to)).toEqual([addressOf(8)]);
    expect(await db('sessions')).toEqual([{ user_id: 9 }]);
    const rows = await db('users').orderBy('id');
    const original = String(rows[8].password_hash);
    const locked = rows.filter((row) => row.password_hash !== original).map(({ id }) => Number(id));
    expect(locked).toEqual([1, 2, 3, 4, 6, 8]);
    const tokens = rows.flatMap(({ token }) => (token === null ? [] : [token as string]));
    expect(new Set(tokens).size).toBe(6); // drawn for each user
    await site.remove();
    await sink.close();
  });

  it('sends as many canaries as were asked for, also where a rate lets them go one by one', async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: 30, domains: 2 });
    const rates = ['--rate', '8/s', '--rate-per-domain', '5/s'];
    const ran = await site.run(['send', '--all', '--yes', '--canary', '12', ...rates, '--json']);
    expect(ran.code).toBe(0);
    expect(sink.mails).toHaveLength(12);
    expect(ran.rows().at(-1)).toMatchObject({ total: 30, sent: 12, queued: 18 });
    await site.remove();
    await sink.close();
  });
});
