import { expect, it } from 'vitest';
import { makeBatchSite } from '../helpers/batch-site.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { startSink } from '../helpers/sink.ts';

const WORKERS = 8;
const MAILS = 1000;

eachDatabase('claims', (open) => {
  it('delivers each of a thousand messages once with eight processes', { timeout: 300_000 }, async () => {
    const { db, url } = await open();
    const sink = await startSink();
    const site = await makeBatchSite({ db, url, mailUrl: sink.url, users: MAILS });
    const now = Date.now();
    const rows = Array.from({ length: MAILS }, (_, index) => ({
      request_id: index.toString(16).padStart(32, '0'),
      kind: 'reset',
      user_id: String(index + 1),
      state: 'queued',
      due_at: now,
      actor_kind: 'operator',
      actor_name: 'test',
      expires_in_s: 3600,
      created_at: now,
    }));
    await db.batchInsert('reset_outbox', rows, 500);
    const ends = await Promise.all(
      Array.from({ length: WORKERS }, () => site.run(['worker', '--once', '--quiet'])),
    );
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array.from(ends, () => [0, '']));
    expect(sink.mails).toHaveLength(MAILS);
    expect(new Set(sink.mails.map(({ to }) => to)).size).toBe(MAILS);
    expect(await db('reset_outbox').where({ state: 'sent' }).count({ n: '*' })).toEqual([{ n: MAILS }]);
    expect(await db('reset_audit').where({ event: 'mail_sent' }).count({ n: '*' })).toEqual([{ n: MAILS }]);
    await site.remove();
    await sink.close();
  });
});
