import { expect, it } from 'vitest';
import { makeAccessSetup } from '../../helpers/access-setup.ts';
import { succeed } from '../../helpers/run-reset.ts';

const susan = 'susan@example.com';

const TOKENS = [
  { kind: 'totp', people: 1 },
  { kind: 'recovery-codes', people: 1 },
  { kind: 'api-token', name: 'API key', people: 1, canEnd: true },
  { kind: 'api-token', name: 'feed key', people: 1 },
  { kind: 'oauth-grant', people: 1 },
];

it('status says what survives a reset of this person, and how to end what opens the account', async () => {
  const { run } = await makeAccessSetup('redmine');
  const { stdout } = await succeed(run(['status', susan]));
  expect(stdout).toContain(
    [
      '  survives a reset: authenticator app, 2 recovery codes, 2 API tokens (API key), 1 API token (feed key), 2 connected apps',
      '    to end what opens the account: reset access end --id 5 --what api-token,oauth-grant',
      '  next mail: can be sent right away',
      '',
    ].join('\n'),
  );
  const [row] = (await succeed(run(['status', susan, '--json']))).rows();
  expect(row).toMatchObject({
    survives: [
      { kind: 'totp', count: 1 },
      { kind: 'recovery-codes', count: 2 },
      { kind: 'api-token', name: 'API key', count: 2 },
      { kind: 'api-token', name: 'feed key', count: 1 },
      { kind: 'oauth-grant', count: 2 },
    ],
  });
});

it('the plan of a batch says for how many, and what a lock would end', async () => {
  const { run } = await makeAccessSetup('redmine');
  const dry = ['send', '--all', '--dry-run'];
  expect((await succeed(run(dry))).stdout).toContain(
    [
      '  survives a reset: authenticator apps of 1 person, recovery codes of 1 person, API tokens (API key) of 1 person, API tokens (feed key) of 1 person, connected apps of 1 person',
      '    to end api-token, oauth-grant with the old passwords: --lock',
    ].join('\n'),
  );
  expect((await succeed(run([...dry, '--json']))).rows().at(-1)).toMatchObject({ survives: TOKENS });
  const locking = await succeed(run([...dry, '--lock']));
  expect(locking.stdout).toContain(
    '  survives a reset: authenticator apps of 1 person, recovery codes of 1 person\n',
  );
  expect(locking.stdout).not.toContain('to end');
});

it('batch show and both reports say it of what is there now', async () => {
  const { run } = await makeAccessSetup('redmine');
  const [sent] = (await succeed(run(['send', '--all', '--yes', '--json']))).rows().slice(-1) as {
    batch: string;
  }[];
  const id = sent!.batch;
  const shown = await succeed(run(['batch', 'show', id]));
  expect(shown.stdout).toMatch(/ {2}survives a reset: .+\n {4}to see who: reset batch report \w+\n/);
  expect((await succeed(run(['batch', 'show', id, '--json']))).rows()[0]).toMatchObject({ survives: TOKENS });
  const csv = (await succeed(run(['batch', 'report', id]))).stdout.split('\n');
  expect(csv[0]).toMatch(/,survives$/);
  expect(csv.find((line) => line.includes(susan))).toMatch(/,"totp,recovery-codes,api-token,oauth-grant"$/);
  const html = async () => (await succeed(run(['batch', 'report', id, '--format', 'html']))).stdout;
  expect(await html()).toMatch(
    /What survives a reset[\s\S]+API tokens \(feed key\)<\/th><td class="number">1</,
  );

  await succeed(run(['access', 'end', susan, '--what', 'all', '--yes']));
  expect(await html()).not.toContain('What survives a reset');
  expect((await succeed(run(['batch', 'show', id]))).stdout).not.toContain('survives');
});
