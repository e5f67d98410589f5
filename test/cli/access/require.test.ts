import { expect, it } from 'vitest';
import { makeAccessSetup, type AccessSetup } from '../../helpers/access-setup.ts';
import { succeed } from '../../helpers/run-reset.ts';

const susan = 'susan@example.com';
const flag = async ({ db }: AccessSetup): Promise<boolean> => {
  const row = (await db('users').where({ login: 'susan' }).first()) as { must_change_passwd: unknown };
  return Number(row.must_change_passwd) === 1;
};

it('require: one person, with a mail, and back', async () => {
  const setup = await makeAccessSetup('redmine');
  const undone = await succeed(setup.run(['require', susan, '--undo', '--yes']));
  expect(undone.stdout).toContain('susan@example.com (user 5) no longer has to choose a new password.');
  expect(await flag(setup)).toBe(false);

  const planned = await succeed(setup.run(['require', susan, '--dry-run', '--json']));
  expect(planned.rows()).toEqual([{ status: 'planned', userId: '5', email: susan, requestId: null }]);
  expect(await flag(setup)).toBe(false);

  const args = ['require', '--username', 'susan', '--yes', '--ticket', 'SUP-4711', '--json'];
  const [row] = (await succeed(setup.run(args))).rows();
  expect(row).toEqual({
    status: 'required',
    userId: '5',
    email: susan,
    requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
  });
  expect(await flag(setup)).toBe(true);
  const { stdout } = await succeed(setup.run(['status', susan]));
  expect(stdout).toMatch(/must choose a new password; by .*; ticket SUP-4711/);
});

it('require: many, as the plan says', async () => {
  const setup = await makeAccessSetup('redmine');
  const { stdout } = await succeed(setup.run(['require', '--all', '--undo', '--dry-run']));
  expect(stdout).toBe('1 person found; 1 would no longer be asked for a new password at the next login.\n');
  const undone = await setup.run(['require', '--where', 'login=susan', '--undo', '--yes', '--json']);
  expect((await succeed(Promise.resolve(undone))).rows()).toEqual([
    { status: 'lifted', total: 1, chosen: 1, spared: {}, changed: 1 },
  ]);
  expect(await flag(setup)).toBe(false);
  const wrong = await setup.run(['require', '--all', '--yes', '--expect', '99', '--json']);
  expect([wrong.code, wrong.error().message]).toEqual([2, expect.stringContaining('--expect says 99')]);
  expect(await flag(setup)).toBe(false);
  await succeed(setup.run(['require', '--where', 'login=susan', '--yes', '--expect', '1']));
  expect(await flag(setup)).toBe(true);
  const again = await succeed(setup.run(['require', '--where', 'login=susan', '--yes']));
  expect(again.stdout).toContain(
    '1 person found; 0 would be asked for a new password at the next login.\n  left as is 1: so already',
  );
});

it('require: says what is missing or cannot be', async () => {
  const setup = await makeAccessSetup('redmine');
  const refusals = [
    [[susan], 2, 'There is nobody to ask here.'],
    [['--yes'], 2, 'Name one user'],
    [[susan, '--all', '--yes'], 2, 'not both'],
    [[susan, '--yes', '--expect', '1'], 2, 'go with --all or --where'],
    [['--where', 'login', '--yes'], 2, '"login" is not a condition'],
    [['--where', 'logn=susan', '--yes'], 2, 'did you mean login?'],
    [['--all', '--expect', 'x', '--yes'], 2, '--expect takes a whole number'],
    [[susan, '--yes'], 2, 'must choose a new password already'],
    [['nobody@example.com', '--yes'], 4, 'No user has the address'],
  ] as const;
  for (const [args, code, text] of refusals) {
    const ran = await setup.run(['require', ...args, '--json']);
    expect([args, ran.code, ran.error().message]).toEqual([args, code, expect.stringContaining(text)]);
  }
});

it('require: names send where the application has no such flag', async () => {
  const setup = await makeAccessSetup('django');
  const ran = await setup.run(['require', susan, '--yes']);
  expect(ran.code).toBe(4);
  expect(ran.stderr).toContain('Mail a link instead: reset send EMAIL');
});
