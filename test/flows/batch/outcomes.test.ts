import { expect, it } from 'vitest';
import { addressOf, makeBatchSite } from '../../helpers/batch-site.ts';
import { assertAsMigrated } from '../../batches/outcome-migration.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { startSink } from '../../helpers/sink.ts';

const PAST_S = 1_700_000_000;

eachDatabase('what became of the people of a batch', (open) => {
  it('is counted by what they did, in show, by domain and language, and in the report', async () => {
    const { db, url } = await open();
    const sink = await startSink({ keepsRaw: true });
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: 8, domains: 2 });
    await db('users').whereIn('id', [1, 3]).update({ locale: 'de' });
    await db('users').where({ id: 7 }).update({ email: 'nobody' });
    const sent = await site.run(['send', '--all', '--yes', '--json']);
    const id = String(sent.rows().at(-1)?.['batch']);
    const tokenOf = (user: number) => db('reset_tokens').where({ user_id: String(user), state: 'live' });
    const apply = async (user: number, text: string) => {
      const [link] = /https:\S+reset_password\/\S+/.exec(text) ?? [];
      const ran = await site.run(['apply', link ?? '', '--password-stdin'], {
        input: `words of user ${user} here`,
      });
      expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)]);
    };
    await apply(1, await linkOf(sink, 1));
    // by another link than the batch's
    await apply(2, (await site.run(['link', addressOf(2, 2)])).stdout);
    await tokenOf(3).update({ exp: PAST_S });
    await db('reset_outbox').where({ user_id: '3', batch_id: id }).update({ link_exp: PAST_S });
    await site.run(['revoke', addressOf(4, 2)]);
    await db('reset_outbox')
      .where({ user_id: '5', batch_id: id })
      .update({ state: 'failed', reason: 'refused' });
    await db('reset_outbox').where({ user_id: '6', batch_id: id }).update({ state: 'queued' });

    const counted = { changed: 2, open: 1, expired: 1, revoked: 1, failed: 1, waiting: 1, skipped: 1 };
    const [shown] = (await site.run(['batch', 'show', id, '--json'])).rows();
    expect(shown?.['outcomes']).toEqual(counted);
    expect((await site.run(['batch', 'show', id])).stdout).toContain(
      'people: 2 with a new password, 1 with an open link, 1 expired, 1 revoked, 1 not reached, 1 waiting',
    );
    const languages = (await site.run(['batch', 'show', id, '--by', 'language', '--json'])).rows();
    expect(languages).toContainEqual(
      expect.objectContaining({ language: 'de', changed: 1, expired: 1, open: 0 }) as object,
    );
    const domains = (await site.run(['batch', 'show', id, '--by', 'domain', '--json'])).rows();
    expect(domains.slice(1).reduce((sum, row) => sum + Number(row['changed']), 0)).toBe(2);
    expect((await site.run(['batch', 'show', id, '--by', 'town'])).code).toBe(2);

    const rows = (await site.run(['batch', 'report', id, '--format', 'ndjson'])).rows();
    const inOrder = rows.toSorted((one, other) => Number(one['id']) - Number(other['id']));
    expect(inOrder.map(({ id: user, link }) => [user, link])).toEqual([
      ['1', 'used'],
      ['2', 'revoked'],
      ['3', 'expired'],
      ['4', 'revoked'],
      ['5', null], // its mail failed
      ['6', null], // its mail still waits
      ['7', null],
      ['8', 'live'],
    ]);
    const times = inOrder.map(({ usedAt }) => usedAt);
    expect(times.slice(2)).toEqual([null, null, null, null, null, null]);
    for (const time of times.slice(0, 2)) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const csv = (await site.run(['batch', 'report', id])).stdout.split('\n');
    expect(csv[0]).toMatch(/,expiresAt,usedAt,survives$/);
    expect(csv.find((line) => line.startsWith('1,'))).toMatch(
      /,used,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,$/,
    );

    await assertAsMigrated(db);
    await site.run(['revoke', '--all', '--yes']);
    const [after] = (await site.run(['batch', 'show', id, '--json'])).rows();
    expect(after?.['outcomes']).toEqual({
      changed: 2,
      open: 0,
      expired: 0,
      revoked: 3,
      failed: 1,
      waiting: 0,
      skipped: 2,
    });
    await assertAsMigrated(db);
    await sink.close();
  });
});

async function linkOf(sink: Awaited<ReturnType<typeof startSink>>, user: number): Promise<string> {
  const mail = sink.mails.find(({ to }) => to.includes(addressOf(user, 2)));
  const { simpleParser } = await import('mailparser');
  return (await simpleParser(mail?.raw ?? '')).text ?? '';
}
