import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, makeSetup, runReset } from '../../helpers/run-reset.ts';

/** What keeps a run from starting, how, the exit code, and what the report says. */
const FAULTS: readonly {
  readonly name: string;
  readonly arrange: () => Promise<{ folder: string; args?: readonly string[] }>;
  readonly code: number;
  readonly says: string;
}[] = [
  {
    name: 'the tables are missing',
    arrange: async () => {
      const setup = await makeSetup();
      await (await setup.open()).schema.dropTable('reset_migrations');
      return setup;
    },
    code: 3,
    says: 'migrate',
  },
  {
    name: 'a setting is wrong',
    arrange: () => makeSetup({ 'password.minLength': 3 }),
    code: 3,
    says: 'password.minLength',
  },
  {
    name: 'nothing is configured',
    arrange: async () => ({ folder: await makeFolder() }),
    code: 3,
    says: 'init',
  },
  {
    name: 'the database is away',
    arrange: async () => {
      const { folder } = await makeSetup();
      return { folder, args: ['--database', 'postgres://reset@127.0.0.1:1/app'] };
    },
    code: 11,
    says: 'The database cannot be reached.',
  },
  {
    name: 'the mailbox is not one',
    arrange: async () => ({ folder: (await makeSetup()).folder, args: ['--mailbox', 'imap://127.0.0.1'] }),
    code: 2,
    says: '--mailbox',
  },
];

describe('reset smoke --junit writes a test case that failed when', () => {
  it.each(FAULTS)('$name', async ({ arrange, code, says }) => {
    const { folder, args = [] } = await arrange();
    const report = join(folder, 'smoke.xml');
    const ran = await runReset(['smoke', '--junit', report, ...args], { cwd: folder });
    expect(ran.code).toBe(code);
    const xml = await readFile(report, 'utf8');
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).toMatch(
      /<testcase classname="reset\.smoke\.setup" name="set-up" time="0\.000"><failure message="/,
    );
    expect(xml).toContain(says);
  });

  it('the report cannot be written either, and the first error decides', async () => {
    const { folder } = await makeSetup({ 'password.minLength': 3 });
    const ran = await runReset(['smoke', '--junit', join(folder, 'nowhere', 'smoke.xml')], { cwd: folder });
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('there is no such folder');
    expect(ran.stderr).toContain('password.minLength');
  });
});
