import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { eachDatabase } from '../../helpers/databases.ts';
import { makeSetup, type Setup } from '../../helpers/run-reset.ts';

interface Row {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly remedy?: string;
}

const policyFor = async (setup: Setup): Promise<{ rights: Row[]; users: Row[] }> => {
  const rows = (await setup.run(['doctor', '--json'])).rows() as unknown as Row[];
  return {
    rights: rows.filter(({ check }) => check === 'rights'),
    users: rows.filter(({ check }) => check === 'users table'),
  };
};

eachDatabase(
  'row-level security on the users table',
  (open) => {
    it('is what doctor names, and not an empty table or a missing right', async () => {
      const { url, db } = await open();
      const setup = await makeSetup({ database: url });
      const role = `reset_test_${randomBytes(4).toString('hex')}`;
      await db.raw(`create role ${role} login`);
      try {
        await db.raw(`grant all on all tables in schema public to ${role}`);
        await db.raw(`grant all on all sequences in schema public to ${role}`);
        const theirs = new URL(url);
        theirs.username = role;
        await setup.configure({ database: theirs.href });
        expect((await policyFor(setup)).rights).toMatchObject([{ status: 'ok' }]);

        await db.raw('alter table users enable row level security');
        const closed = await policyFor(setup);
        expect(closed.rights).toMatchObject([
          { status: 'ok', message: expect.stringContaining('on the rows that row-level security') },
          { status: 'warning', message: expect.stringContaining('row-level security is on for users') },
        ]);
        expect(closed.users).toContainEqual(
          expect.objectContaining({
            status: 'failure',
            message: 'no user is visible: row-level security is on for users',
          }),
        );

        const [policy = ''] = closed.rights[1]?.remedy?.split('\n') ?? [];
        await db.raw(policy);
        const opened = await policyFor(setup);
        expect(opened.users.map(({ status }) => status)).not.toContain('failure');
        expect((await setup.apply(await setup.issue())).code).toBe(0);
      } finally {
        await db.raw(`drop owned by ${role}`);
        await db.raw(`drop role ${role}`);
      }
    });
  },
  ['postgres'],
);
