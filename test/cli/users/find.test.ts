import { describe, expect, it } from 'vitest';
import { makeSetup, succeed, susan, type Setup } from '../../helpers/run-reset.ts';

async function makePeople(): Promise<Setup> {
  const setup = await makeSetup();
  const db = await setup.open();
  await db('users').insert([
    { email: 'Twin@example.com', username: 'twin', password_hash: susan.encoded },
    { email: 'twin@example.com', username: 'twin2', password_hash: susan.encoded },
    { email: 'minjun@example.com', username: '\u001b[2J김민준', password_hash: null },
  ]);
  return setup;
}

describe('reset user find', () => {
  it('shows who it is, and what decides about a reset', async () => {
    const { run, issue, apply } = await makePeople();
    await succeed(apply(await issue()));
    const { code, stdout, stderr } = await run(['user', 'find', 'susan']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^id {2}user name {2}address {12}active {2}signs in {2}reset\n1 {3}susan {6}susan@example\.com {2}yes {5}password {2}\d{4}-\d\d-\d\d\n$/,
    );
    expect(stderr).toBe('1 person. Mail a link: reset send --id 1\n');
  });

  it('takes an address as people copy it, several words, and a name that would steer the terminal', async () => {
    const { run } = await makePeople();
    for (const words of [['Min Jun <MINJUN@example.com>'], ['김민준', 'minjun'], ['4']]) {
      const { stdout } = await run(['user', 'find', ...words]);
      expect(stdout).toContain('minjun@example.com  yes     not yet   never\n');
      expect(stdout).not.toContain('\u001b');
    }
  });

  it('prints an object a person with --json', async () => {
    const { run } = await makePeople();
    const { rows } = await run(['user', 'find', 'twin', '--json']);
    expect(rows()).toEqual(
      ['2', '3'].map((userId) => ({
        userId,
        username: userId === '2' ? 'twin' : 'twin2',
        name: null,
        email: expect.stringMatching(/^twin@example\.com$/i) as string,
        isActive: true,
        signsIn: 'password',
        refusal: null,
        lastResetAt: null,
      })),
    );
  });

  it('shows twenty at most, and says that there are more', async () => {
    const { run, open } = await makeSetup();
    const db = await open();
    await db('users').insert(Array.from({ length: 25 }, (_, index) => ({ email: `p${index}@example.com` })));
    const { stdout, stderr } = await run(['user', 'find', '@example']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(21);
    expect(stderr).toBe('! More than these 20 match. Give more of the address or the name.\n');
  });

  it('says when it finds nobody', async () => {
    const { run } = await makePeople();
    expect(await run(['user', 'find', 'nobody'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr:
        '✗ Nobody matches "nobody". Try a part of the address, the user name or the name. (user_not_found)\n',
    });
  });

  it('has its matches in user list, too', async () => {
    const { run } = await makePeople();
    const { rows } = await run(['user', 'list', '--search', 'TWIN', '--json']);
    expect(rows().map(({ userId }) => userId)).toEqual(['2', '3']);
  });
});

/** Every command that names one user. */
const NAMING = [['send'], ['resend'], ['link'], ['code'], ['status'], ['revoke'], ['audit', '--user']];

describe('a user who is not found', () => {
  it.each(NAMING)('%s names who may have been meant', async (...command) => {
    const { run } = await makePeople();
    const { code, stdout, stderr } = await run([...command, 'susan@exmaple.com']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toBe(
      '✗ No user has the address susan@exmaple.com. Did you mean susan@example.com (user name susan, id 1)?\nName this user by --id 1. Search: reset user find susan (user_not_found)\n',
    );
  });

  it('is named in the details of the error with --json', async () => {
    const { run } = await makePeople();
    const { error } = await run(['send', 'suasn@example.com', '--json']);
    expect(error()).toMatchObject({
      code: 'user_not_found',
      details: { email: 'suasn@example.com', near: [{ userId: '1', email: 'susan@example.com' }] },
    });
  });

  it('is found by a user name that was typed as an address', async () => {
    const { run } = await makePeople();
    const { stderr } = await run(['send', 'Susan']);
    expect(stderr).toContain('Did you mean susan@example.com (user name susan, id 1)?');
  });
});

describe('two users with one address', () => {
  it.each(NAMING)('%s shows both as people know them', async (...command) => {
    const { run } = await makePeople();
    const { code, stdout, stderr } = await run([...command, 'twin@example.com']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      '✗ Two users have the address twin@example.com.',
      'id  user name  address           active  signs in  reset',
      '2   twin       Twin@example.com  yes     password  never',
      '3   twin2      twin@example.com  yes     password  never',
      'Say which one: --id 2 (user_ambiguous)',
      '',
    ]);
  });

  it('keeps the ids in the details', async () => {
    const { run } = await makePeople();
    const { error } = await run(['link', 'twin@example.com', '--json']);
    expect(error().details).toMatchObject({ ids: ['2', '3'], users: [{ userId: '2' }, { userId: '3' }] });
  });
});
