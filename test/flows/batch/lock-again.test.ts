import { expect, it, onTestFinished } from 'vitest';
import { makeBatchSite, type BatchSite } from '../../helpers/batch-site.ts';
import type { Db } from '../../../src/db/connect.ts';
import { eachDatabase } from '../../helpers/databases.ts';

const OTHER = '$2b$04$6yKZ1cM8lZ1bq3l1V1Yd9u0mOq7b3C8V5o1y4n5v3m9oZk1r2s3t4';
const LOCK = ['send', '--all', '--lock', '--mail', 'none', '--yes'];

async function makeSite(open: () => Promise<{ db: Db; url: string }>): Promise<{ site: BatchSite; db: Db }> {
  const { db, url } = await open();
  const site = await makeBatchSite({ db, url, mailUrl: 'file:mailbox', users: 4 });
  onTestFinished(() => site.remove());
  return { site, db };
}

const hashes = async (db: Db) => (await db('users').orderBy('id').pluck('password_hash')) as string[];

eachDatabase('locking again', (open) => {
  it('takes no new password away, whoever changed it, unless --new says so', async () => {
    const { site, db } = await makeSite(open);
    expect((await site.run([...LOCK, '--expect', '4'])).code).toBe(0);
    const { stdout } = await site.run(['link', '--id', '1', '--json']);
    const { token } = JSON.parse(stdout) as { token: string };
    const input = 'seven green apples\n';
    expect((await site.run(['apply', token, '--password-stdin'], { input })).code).toBe(0);
    await db('users').where({ id: 2 }).update({ password_hash: OTHER }); // by the application
    const before = await hashes(db);

    const again = await site.run([...LOCK, '--expect', '4']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('has done this already')]);
    const wider = await site.run([...LOCK, '--except', 'username=nobody', '--expect', '2', '--json']);
    expect(wider.code).toBe(0);
    expect(
      wider
        .rows()
        .map(({ userId, reason }) => [userId, reason])
        .slice(0, 2)
        .sort(),
    ).toEqual([
      ['1', 'changed_since_lock'],
      ['2', 'changed_since_lock'],
    ]);
    const after = await hashes(db);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);

    const since = new Date(Date.now() - 60_000).toISOString();
    const rest = await site.run(['send', '--all', '--skip-if-changed-since', since, '--dry-run', '--json']);
    expect(rest.rows().at(-1)).toMatchObject({ planned: 2, reasons: { changed_since: 2 } });

    expect((await site.run([...LOCK, '--new', '--expect', '4'])).code).toBe(0);
    expect((await hashes(db)).slice(0, 2)).not.toEqual(before.slice(0, 2));
  });

  it('is not caused by a clean-up: it keeps who has a new password', async () => {
    const { site, db } = await makeSite(open);
    await site.run([...LOCK, '--expect', '4']);
    await db('users').where({ id: 2 }).update({ password_hash: OTHER });
    const old = Date.now() - 40 * 86_400_000;
    const token = { kid: 'k', iat: 1, exp: Math.floor(old / 1000), fp: 'f', state: 'used' };
    await db('reset_tokens').insert([
      { ...token, jti: 'a', request_id: 'a', user_id: '1', settled_at: old - 1000 },
      { ...token, jti: 'b', request_id: 'b', user_id: '1', settled_at: old },
      { ...token, jti: 'c', request_id: 'c', user_id: '3', settled_at: old, state: 'revoked' },
    ]);
    await db('reset_outbox').update({ settled_at: old });
    await db('reset_batches').update({ created_at: old });
    await db('reset_locks').update({ locked_at: old - 5000 });
    const cleaned = await site.run(['cleanup', '--older-than', '30d', '--json']);
    expect(cleaned.rows()).toMatchObject([{ mails: 4, tokens: 2, batches: 1 }]);
    const plan = await site.run(['send', '--all', '--skip-if-changed-since', '41d', '--dry-run', '--json']);
    expect(
      plan
        .rows()
        .filter(({ reason }) => reason === 'changed_since')
        .map(({ userId }) => userId),
    ).toEqual(['1', '2']);
    const lock = await site.run([...LOCK, '--dry-run', '--json']);
    expect(lock.rows().at(-1)).toMatchObject({ locked: 3 });
  });
});
