import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeAccessSetup, type AccessSetup } from '../../helpers/access-setup.ts';
import { succeed } from '../../helpers/run-reset.ts';

const susan = 'susan@example.com';

const mails = async ({ mailbox }: AccessSetup): Promise<string[]> => {
  const names = await readdir(mailbox).catch(() => []);
  return Promise.all(names.map((name) => readFile(join(mailbox, name), 'utf8')));
};
const row = async ({ db }: AccessSetup) => (await db('users').where({ login: 'susan' }).first()) as object;

it('send --end: shows what would end, and changes nothing', async () => {
  const setup = await makeAccessSetup('redmine');
  const before = await row(setup);
  const { stdout } = await succeed(setup.run(['send', susan, '--end', 'totp', '--dry-run']));
  expect(stdout).toBe(
    [
      'would end for susan@example.com (user 5), together with the old password, and mail a link:',
      '  authenticator app',
      '',
    ].join('\n'),
  );
  expect(await row(setup)).toEqual(before);
  expect(await mails(setup)).toEqual([]);
});

it('send --end: one transaction, two mails, one row', async () => {
  const setup = await makeAccessSetup('redmine');
  const args = ['send', susan, '--end', 'totp,recovery-codes', '--yes', '--ticket', 'SUP-4711', '--json'];
  const [sent] = (await succeed(setup.run(args))).rows();
  expect(sent).toMatchObject({
    email: susan,
    status: 'sent',
    locked: true,
    ended: [{ kind: 'totp' }, { kind: 'recovery-codes', count: 2 }],
    left: [],
  });
  expect(await row(setup)).toMatchObject({ twofa_scheme: null });
  const all = (await mails(setup)).join('\n').replaceAll(' =\r\n', ' ').replaceAll('\r\n', ' ');
  expect(all).toContain('Your old password no longer works.');
  expect(all).toContain('A security change to your');
  expect(all.match(/ Subject: /g)).toHaveLength(2);
});

it('send --end: asks for what it cannot do', async () => {
  const setup = await makeAccessSetup('redmine', { 'support.protect': { status: 1 } });
  const before = await row(setup);
  const refusals = [
    [['--end', 'totp'], 'There is nobody to ask here. Check with --dry-run, then add --yes.'],
    [['--end', 'otp', '--yes'], '--end does not know "otp".'],
    [['--end', 'totp', '--yes'], 'add --force-protected'],
    [['--end', 'passkey', '--yes', '--force-protected'], 'The preset redmine finds no passkey'],
    [['mike@example.com', '--end', 'totp', '--yes'], 'For several people'],
    [['--force-protected', '--yes'], '--force-protected goes with --end.'],
  ] as const;
  for (const [args, text] of refusals) {
    const ran = await setup.run(['send', susan, ...args, '--json']);
    expect([args, ran.code === 0, ran.error().message]).toEqual([args, false, expect.stringContaining(text)]);
  }
  expect(await row(setup)).toEqual(before);
  expect(await mails(setup)).toEqual([]);
});
