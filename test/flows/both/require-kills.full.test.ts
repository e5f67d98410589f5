import { expect, it } from 'vitest';
import { makeAccessTables } from '../../helpers/access-site.ts';
import { eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { intent, killBeforeStep, unwritten, type WritingStep } from '../../helpers/kill-before.ts';
import { makeSetup, susan, type Setup } from '../../helpers/run-reset.ts';

/** Every statement that writes, in this order; of one person there is also a mail. */
const STEPS_OF_MANY: readonly WritingStep[] = [
  intent.declared,
  intent.committed,
  intent.held,
  { name: 'the transaction on the users begins', at: 'users', sql: '^BEGIN' },
  { name: 'the flag is set', at: 'users', sql: '^update .user. ' },
  { name: 'the audit is written', at: 'ledger', sql: '^insert into .reset_audit' },
  intent.dropped,
  { name: 'the flag is committed', at: 'users', sql: '^COMMIT' },
  { ...intent.followed, after: '^delete from .reset_intents', nth: 1 },
];
const mail: WritingStep = { name: 'the mail is queued', at: 'ledger', sql: '^insert into .reset_outbox' };
const STEPS_OF_ONE: readonly WritingStep[] = STEPS_OF_MANY.flatMap((step) =>
  step === intent.dropped ? [mail, step] : [step],
);

const ofOne = ['require', susan.email, '--yes', '--json'];
const ofMany = ['require', '--all', '--yes', '--json'];

async function diesBefore(
  database: TestDatabase,
  step: WritingStep,
  command: readonly string[],
): Promise<Setup> {
  await makeAccessTables(database, 'gitea');
  await database.db('user').update({ must_change_password: false });
  const setup = await makeSetup({ database: database.url, 'users.preset': 'gitea' });
  await killBeforeStep(command, database, step, { cwd: setup.folder });
  return setup;
}

const asked = async ({ db }: TestDatabase): Promise<number> =>
  (await db('user').where({ must_change_password: true })).length;

/** The rows of the audit say of whom it was demanded: as many as were asked, and each once. */
async function expectTold({ ledger }: TestDatabase, people: number): Promise<void> {
  const rows = (await ledger('reset_audit').where({ event: 'change_demanded' })) as { details: string }[];
  expect(rows).toHaveLength(people === 0 ? 0 : 1);
  for (const { details } of rows)
    expect((JSON.parse(details) as { users?: number }).users ?? people).toBe(people);
  expect(await ledger('reset_intents')).toEqual([]);
}

eachPair('a demand for new passwords that is killed between two databases', (open) => {
  it.each(unwritten(STEPS_OF_ONE))(
    'one person, before $name: nobody is asked, and the same command asks once',
    async (step) => {
      const database = await open();
      const setup = await diesBefore(database, step, ofOne);
      expect(await asked(database)).toBe(0);
      expect((await setup.run(['access', 'show', susan.email])).code).toBe(0);
      await expectTold(database, 0);
      expect((await setup.run(ofOne)).code).toBe(0);
      expect(await asked(database)).toBe(1);
      await expectTold(database, 1);
      expect(await database.ledger('reset_outbox').where({ kind: 'access' })).toHaveLength(1);
    },
  );

  it('one person, before the rest is committed: asked, and told so once', async () => {
    const database = await open();
    const setup = await diesBefore(database, STEPS_OF_ONE.at(-1)!, ofOne);
    expect(await asked(database)).toBe(1);
    expect((await setup.run(ofOne)).error()).toMatchObject({ details: { limit: 'already' } });
    await expectTold(database, 1);
    expect(await database.ledger('reset_outbox').where({ kind: 'access' })).toHaveLength(1);
  });

  it.each(unwritten(STEPS_OF_MANY))(
    'many, before $name: nobody is asked or said to have been, and the same command asks',
    async (step) => {
      const database = await open();
      const setup = await diesBefore(database, step, ofMany);
      expect(await asked(database)).toBe(0);
      expect((await setup.run([...ofMany, '--dry-run'])).code).toBe(0);
      await expectTold(database, 0);
      const [done] = (await setup.run(ofMany)).rows() as { changed: number }[];
      expect(done!.changed).toBeGreaterThan(0);
      expect(await asked(database)).toBe(done!.changed);
      await expectTold(database, done!.changed);
    },
  );

  it('many, before the rest is committed: whoever was asked is in the audit', async () => {
    const database = await open();
    const setup = await diesBefore(database, STEPS_OF_MANY.at(-1)!, ofMany);
    const people = await asked(database);
    expect(people).toBeGreaterThan(0);
    const again = (await setup.run(ofMany)).rows();
    expect(again).toMatchObject([{ chosen: 0, changed: 0, spared: { already: people } }]);
    await expectTold(database, people);
  });

  it('many: a worker finishes what is left', async () => {
    const database = await open();
    const setup = await diesBefore(database, STEPS_OF_MANY.at(-1)!, ofMany);
    await database.ledger('reset_intents').update({ created_at: 0 });
    expect((await setup.run(['worker', '--once'])).code).toBe(0);
    await expectTold(database, await asked(database));
  });
});
