import { expect, it } from 'vitest';
import { addUser } from '../../../src/users/writing/add-user.ts';
import { eachPair, type TestDatabase } from '../../helpers/databases.ts';
import { intent, killBeforeStep, type WritingStep } from '../../helpers/kill-before.ts';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

/** Every statement of a step of the lock that writes, in this order. */
const STEPS: readonly WritingStep[] = [
  intent.declared,
  intent.held,
  { name: 'the passwords are locked', at: 'users', sql: '^update .users' },
  { name: 'the locks are remembered', at: 'ledger', sql: '^insert into .reset_locks' },
  { name: 'the rows are marked', at: 'ledger', sql: '^update .reset_outbox. set .locked_at' },
  intent.dropped,
  { name: 'the locks are committed', at: 'users', sql: '^COMMIT' },
  // The COMMIT that follows the dropping of the intent: how many came before it depends on the plan.
  {
    name: 'the rest is committed',
    at: 'ledger',
    sql: '^COMMIT',
    after: '^delete from .reset_intents',
    isWritten: true,
  },
];

const command = ['send', '--all', '--lock', '--mail', 'none', '--yes', '--expect', '3'];

const hashes = ({ db }: TestDatabase): PromiseLike<string[]> =>
  db('users').orderBy('id').pluck('password_hash') as PromiseLike<string[]>;

async function diesBefore(database: TestDatabase, step: WritingStep) {
  const setup = await makeSetup({ database: database.url });
  const { encoded } = susan;
  for (const email of ['tom@example.com', 'ann@example.com'])
    await addUser(database.db, { email, encoded }, Date.now());
  await killBeforeStep(command, database, step, { cwd: setup.folder });
  return setup;
}

eachPair('a lock that is killed between two databases', (open) => {
  it.each(STEPS)('before $name: the same command goes on, and everybody is locked once', async (step) => {
    const database = await open();
    const setup = await diesBefore(database, step);
    const left = await hashes(database);
    expect(left.every((hash) => hash !== susan.encoded)).toBe(step.isWritten === true);
    // The dead process held the planning of its batch.
    await database.ledger('reset_batches').update({ planned_until: 0 });
    const ran = await setup.run([...command, '--json']);
    expect(ran.stderr).toBe('');
    expect(await hashes(database)).not.toContain(susan.encoded);
    expect((await hashes(database)).join() === left.join()).toBe(step.isWritten === true);
    const { ledger } = database;
    expect(await ledger('reset_outbox').whereNotNull('locked_at')).toHaveLength(3);
    expect(await ledger('reset_locks').whereIn('encoded', await hashes(database))).toHaveLength(3);
    expect(await ledger('reset_audit').where({ result: 'users_locked' })).toHaveLength(1);
    expect(await ledger('reset_intents')).toEqual([]);
  });
});
