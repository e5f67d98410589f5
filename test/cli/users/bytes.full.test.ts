import { describe, expect, test } from 'vitest';
import { makeNarrow } from '../../helpers/narrow-database.ts';
import { needs, serverUrl } from '../../helpers/needs.ts';
import { startPgbouncer } from '../../helpers/pgbouncer.ts';
import { makeSetup, succeed, susan, type Setup } from '../../helpers/run-reset.ts';

const hasPgbouncer = needs('pgbouncer');

/** Another program has put Latin-1 into a database that checks nothing: a name, and an address. */
async function makeMixed(database: string): Promise<Setup> {
  const setup = await makeSetup({ database });
  const db = await setup.open();
  await db.raw(
    `insert into users (email, username, password_hash) values
      ('jose@example.com', E'Jos\\351', :hash), (E'ad\\351le@example.com', 'adele', :hash), ('수진@example.com', '수진', :hash)`,
    { hash: susan.encoded },
  );
  await db.destroy();
  return setup;
}

describe.runIf(serverUrl('postgres') !== undefined)('one row with bytes that are not text', () => {
  const ways = [
    ['on a server', (url: string) => Promise.resolve(url)],
    ['behind a pooler', (url: string) => startPgbouncer(url)],
  ] as const;
  test.each(ways.slice(0, hasPgbouncer ? 2 : 1))(
    'keeps nobody else from being found: %s',
    async (_where, reach) => {
      const { run } = await makeMixed(await reach(await makeNarrow('SQL_ASCII')));
      const { rows } = await succeed(run(['user', 'list', '--json']));
      expect(rows().map(({ name, email }) => [name ?? '', email])).toEqual([
        [susan.name, susan.email],
        ['Jos\ufffd', 'jose@example.com'],
        ['adele', 'ad\ufffdle@example.com'],
        ['수진', '수진@example.com'],
      ]);
    },
  );

  test('is mailed and reset like any other, if it is not the address', async () => {
    const { run, issue, apply } = await makeMixed(await makeNarrow('SQL_ASCII'));
    const { stdout } = await succeed(run(['send', '--all', '--dry-run']));
    expect(stdout).toMatch(/4 people chosen: 3 get a mail; 1 is skipped/);
    expect(stdout).toContain('ad\ufffdle@example.com (no_address)');
    await succeed(apply(await issue()));
    const link = await succeed(run(['link', 'jose@example.com']));
    await succeed(apply(link.stdout.trim().replace(/^.*\//, '')));
    expect((await run(['send', '--username', 'adele'])).stderr).toMatch(/which is not an e-mail address/);
    expect((await run(['link', '수진@example.com'])).code).toBe(0);
    expect((await run(['doctor'])).stdout).toMatch(/no mail can be sent to/);
  });
});
