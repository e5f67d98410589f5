import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { addUser } from '../../src/users/writing/add-user.ts';
import { eachDatabase } from '../helpers/databases.ts';
import { needs } from '../helpers/needs.ts';
import { POOL_SIZE, startPgbouncer } from '../helpers/pgbouncer.ts';
import { makeSetup, succeed, susan } from '../helpers/run-reset.ts';

const hasPgbouncer = needs('pgbouncer');

/** What an application sees on every connection of the pool, by holding them all at once. */
async function settingsOfPool(url: string): Promise<string[]> {
  const clients = Array.from({ length: POOL_SIZE }, () => new pg.Client({ connectionString: url }));
  const seen: string[] = [];
  for (const client of clients) {
    await client.connect();
    await client.query('begin');
    const { rows } = await client.query<{ settings: string }>(
      `select concat_ws(', ', 'lock_timeout ' || current_setting('lock_timeout'), current_setting('TimeZone'),
         current_setting('search_path'), current_setting('application_name')) as settings`,
    );
    seen.push(rows[0]?.settings ?? '');
  }
  for (const client of clients) await client.end();
  return seen;
}

const startupParameters = 'lock_timeout, TimeZone, search_path, options, resetctl.session';

/** Poolers differ in what they do with start-up parameters that they do not know. */
const POOLERS: readonly (readonly [string, readonly string[]])[] = [
  ['refuses the settings', []],
  ['drops the settings', [`ignore_startup_parameters = ${startupParameters}`]],
];

eachDatabase(
  'behind a pooler that shares its connections between transactions',
  (open) => {
    it.runIf(hasPgbouncer).each(POOLERS)(
      'whatever we do, the application finds its own settings, where the pooler %s',
      async (_, lines) => {
        const { url, db } = await open();
        await db.raw(`alter database ?? set timezone to 'Asia/Seoul'`, [new URL(url).pathname.slice(1)]);
        const pooler = await startPgbouncer(url, lines);
        const own = Array.from({ length: POOL_SIZE }, () => 'lock_timeout 0, Asia/Seoul, "$user", public, ');
        expect(await settingsOfPool(pooler)).toEqual(own);

        const setup = await makeSetup({ database: pooler });
        expect(await settingsOfPool(pooler)).toEqual(own);
        await succeed(setup.run(['migrate']));
        const doctor = await setup.run(['doctor']);
        expect(doctor.stdout + doctor.stderr).toContain('a connection pooler answers for PostgreSQL');
        expect((await setup.run(['send', susan.email])).code).toBe(0);
        expect((await setup.apply(await setup.issue())).code).toBe(0);
        expect(await settingsOfPool(pooler)).toEqual(own);

        const app = await setup.open();
        const people = Array.from({ length: 50 }, (__, index) => `p${index}@example.com`);
        for (const email of people) await addUser(app, { email, encoded: susan.encoded }, Date.now());
        await writeFile(join(setup.folder, 'people.csv'), ['email', ...people].join('\n'));
        const sent = await succeed(
          setup.run(['send', '--file', 'people.csv', '--lock', '--yes', '--expect', '50', '--json']),
        );
        expect(sent.rows().at(-1)).toMatchObject({ total: 50, sent: 50, failed: 0 });
        expect(await settingsOfPool(pooler)).toEqual(own);
        await app.destroy();
      },
    );

    it.runIf(hasPgbouncer)('a schema of the URL is used, and stays with us', async () => {
      const { url, db } = await open();
      await db.raw('create schema tenant_a');
      const pooler = new URL(await startPgbouncer(url));
      pooler.searchParams.set('schema', 'tenant_a');
      const setup = await makeSetup({ database: pooler.href });
      expect((await setup.apply(await setup.issue())).code).toBe(0);
      expect(await db('tenant_a.reset_tokens').pluck('state')).toEqual(['used']);
      pooler.searchParams.delete('schema');
      for (const seen of await settingsOfPool(pooler.href)) expect(seen).not.toContain('tenant_a');
    });

    it.runIf(hasPgbouncer)('what the pooler does not pass on is refused, not left out', async () => {
      const { url } = await open();
      const pooler = new URL(await startPgbouncer(url));
      pooler.searchParams.set('options', '-c search_path=tenant_a');
      const db = await connect(pooler.href);
      await expect(db.raw('select 1')).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('options') as string,
      });
      await db.destroy();
    });

    it('waits for a lock as long as we say, and reads times in UTC, without a pooler', async () => {
      const { db } = await open();
      const { rows } = await db.raw<{ rows: unknown[] }>(
        `select current_setting('lock_timeout') as wait, current_setting('TimeZone') as zone`,
      );
      expect(rows).toEqual([{ wait: '5s', zone: 'UTC' }]);
    });
  },
  ['postgres'],
);
