import { expect, it } from 'vitest';
import { makeSetup, susan } from '../../helpers/run-reset.ts';

it('a user without an address: send says what to do, and link goes by the id', async () => {
  const setup = await makeSetup();
  const { run } = setup;
  await (await setup.open())('users').update({ email: '', username: 'noaddr' });
  const sent = await run(['send', '--username', 'noaddr']);
  expect(sent).toMatchObject({ code: 4, stdout: '' });
  expect(sent.stderr).toContain(
    '✗ noaddr (user 1) has no e-mail address in users. Add one in the application, or hand over a link: reset link --id 1',
  );
  const issued = await run(['link', '--id', susan.id]);
  expect(issued.code).toBe(0);
  expect(issued.stderr).toMatch(/^For user 1\. /);
  const applied = await setup.apply(issued.stdout.trim().slice(issued.stdout.lastIndexOf('/') + 1));
  expect(applied.stdout).toContain('✓ new password for user 1, written as ');
  expect(applied.stderr).toContain('No notice was sent');
  const status = await run(['status', '--id', susan.id]);
  expect(status.stdout).toMatch(/^user 1, active/m);
});
