import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../src/app.ts';
import { followBatch, showBatch } from '../../../src/flows/batch/follow-batch.ts';
import { reportBatch } from '../../../src/flows/batch/manage-batches.ts';
import { planBatch, type Plan } from '../../../src/flows/batch/plan-batch.ts';
import { planReminder } from '../../../src/flows/batch/plan-reminder.ts';
import { reportHtml } from '../../../src/flows/batch/report-html.ts';
import { beginBatch } from '../../../src/flows/batch/start-batch.ts';
import { readReportFiles } from '../../../src/flows/bounces/read-reports.ts';
import { useToken } from '../../../src/tokens/token-store.ts';
import { createTestApp } from '../../helpers/create-test-app.ts';
import { eachDatabase } from '../../helpers/databases.ts';
import { needs } from '../../helpers/needs.ts';
import { startPostfix } from '../../helpers/postfix.ts';
import { clockAt, operator } from '../flow-app.ts';

const PEOPLE = 5000;
/** Every 25th has no mailbox: 200. */
const isUnknown = (index: number): boolean => index % 25 === 0;
const addressOf = (index: number): string => `user${index}@example.test`;
const HASH = '$2b$04$F6vQXz2kPX0aoOrwYFPwUu1e0UPHbZC2bPZ1nfhMbNmGZ0xDFE6rK';
const OTHER = '$2b$04$6yKZ1cM8lZ1bq3l1V1Yd9u0mOq7b3C8V5o1y4n5v3m9oZk1r2s3t4';
const DAY = 86_400_000;
const everybody = Array.from({ length: PEOPLE }, (_, index) => index + 1);

async function deliver(app: App, { batch }: Plan): Promise<void> {
  const { signal } = new AbortController();
  await beginBatch(app, batch, { signal, onLocked: () => undefined });
  await followBatch(app, batch.id, { signal, onProgress: () => undefined });
}

/** With their newest links, without five thousand hashes: that one link works is proven elsewhere. */
async function changePasswords({ usersDb, ledger, clock }: App, people: readonly number[]): Promise<void> {
  for (let from = 0; from < people.length; from += 500) {
    const emails = people.slice(from, from + 500).map(addressOf);
    const ids = await usersDb('users').whereIn('email', emails).pluck<number[]>('id');
    await usersDb('users').whereIn('id', ids).update({ password_hash: OTHER });
    const links = await ledger<{ jti: string; user_id: string; exp: number; state: string }>('reset_tokens')
      .whereIn('user_id', ids.map(String))
      .andWhere('state', 'live')
      .andWhere('exp', '>', Math.floor(clock.now() / 1000))
      .select('jti', 'user_id');
    await ledger.transaction(async (trx) => {
      for (const { jti, user_id } of links) await useToken(trx, { jti, userId: user_id }, clock.now());
    });
  }
}

/** What the tables say, counted in a way of its own: from each person to the rows. */
async function countBySql({ ledger, clock }: App, batchId: string, family: readonly string[]) {
  const count = async (where: string, bindings: readonly (string | number)[] = []) => {
    const sql = `select count(*) as count from (select distinct user_id from reset_outbox where batch_id = ?) as p where ${where}`;
    const { rows } = (await ledger.raw(sql, [batchId, ...bindings])) as { rows: { count: string }[] };
    return Number(rows[0]?.count);
  };
  const used = `exists (select 1 from reset_tokens t where t.user_id = p.user_id and t.state = 'used')`;
  const holders = family.map(() => '?').join(', ');
  const sent = `exists (select 1 from reset_outbox o join reset_tokens t on t.request_id = o.request_id where o.user_id = p.user_id and o.state = 'sent' and o.batch_id in (${holders}) and t.state = 'live' and t.exp > ?)`;
  const bounced = `exists (select 1 from reset_outbox o where o.user_id = p.user_id and o.state = 'bounced')`;
  const nowS = Math.floor(clock.now() / 1000);
  return {
    changed: await count(used),
    open: await count(`not ${used} and ${sent}`, [...family, nowS]),
    failed: await count(`not ${used} and ${bounced}`),
    expired: await count(`not ${used} and not ${bounced} and not ${sent}`, [...family, nowS]),
  };
}

/** The numbers of the first table: a name in a heading cell, and a number in the next. */
const numberIn = (html: string, name: string): number => {
  const found = new RegExp(`${name}(?:<[^>]*>|[^<\\d])*?([\\d,]+)`).exec(html);
  return Number(found?.[1]?.replaceAll(',', ''));
};

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe.runIf(needs('postfix'))('a campaign of five thousand people through Postfix', () => {
  eachDatabase(
    'from the first mail to the last number',
    (open) => {
      it(
        'counts who changed, who can be reached and who cannot, alike everywhere',
        { timeout: 900_000 },
        async () => {
          const postfix = await startPostfix(
            'example.test',
            everybody.filter((index) => !isUnknown(index)).map(addressOf),
          );
          const clock = clockAt(Math.floor(Date.now() / 1000) * 1000);
          const config = { 'mail.url': postfix.url, 'mail.bounces': 'bounce@example.test' };
          const { app, close } = await createTestApp({ config, clock, database: (await open()).url });
          onTestFinished(close);
          const rows = everybody.map((index) => ({ email: addressOf(index), password_hash: HASH }));
          await app.usersDb.batchInsert('users', rows, 500);

          const choice = { kind: 'users', where: [] } as const;
          const request = {
            choice,
            except: [],
            isLocking: false,
            isMailed: true,
            actor: operator,
            isDryRun: false,
          };
          const plan = await planBatch(app, { ...request, reason: 'We found a leak.' }, true);
          await deliver(app, plan);
          const id = plan.batch.id;
          await postfix.waitFor(postfix.bounces, 200);
          const results = new Map<string, number>();
          for await (const { result, isSuppressed } of readReportFiles(app, postfix.bounces)) {
            const key = `${result} ${isSuppressed}`;
            results.set(key, (results.get(key) ?? 0) + 1);
          }
          expect([...results]).toEqual([['bounced true', 200]]);
          await postfix.waitFor(postfix.inbox, PEOPLE - 200);

          const reachable = everybody.filter((index) => !isUnknown(index));
          await changePasswords(app, reachable.slice(0, 3000));
          const family = [id];
          for (const until of [4200, 4750]) {
            clock.advance(3 * DAY);
            const remind = { parentId: id, afterMs: 3 * DAY, max: 2, actor: operator, isDryRun: false };
            const reminder = await planReminder(app, remind);
            expect(reminder.counts.reasons).toMatchObject({ not_delivered: 200 });
            await deliver(app, reminder);
            family.push(reminder.batch.id);
            await changePasswords(app, reachable.slice(0, until));
          }

          const shown = await showBatch(app, id);
          const counted = await countBySql(app, id, family);
          expect(counted).toEqual({ changed: 4750, open: 50, failed: 200, expired: 0 });
          expect(shown.outcomes).toMatchObject(counted);
          expect(shown.counts).toMatchObject({
            total: PEOPLE,
            sent: 4800,
            bounced: 200,
            failed: 0,
            skipped: 0,
          });
          expect(shown.reminders.map(({ counts }) => counts.sent)).toEqual([1800, 600]);

          const [head, ...lines] = (await textOf(await reportBatch(app, id, { format: 'csv' })))
            .trim()
            .split('\n');
          const column = (head ?? '').split(',').indexOf('status');
          const statuses = lines.map((line) => line.split(',')[column]);
          expect(statuses.filter((each) => each === 'bounced')).toHaveLength(200);
          expect(statuses.filter((each) => each === 'sent')).toHaveLength(4800);

          const html = await reportHtml(app, id, { hasPeople: true });
          if (process.env['CAMPAIGN_HTML'] !== undefined) writeFileSync(process.env['CAMPAIGN_HTML'], html);
          expect(
            ['New password', 'Open link', 'Not reached', 'Bounced'].map((name) => numberIn(html, name)),
          ).toEqual([4750, 50, 200, 200]);
          expect(html).toContain('unknown user');
          expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
        },
      );
    },
    ['postgres'],
  );
});
