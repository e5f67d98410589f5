import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeAccessSetup, type AccessSetup } from '../../helpers/access-setup.ts';
import { succeed } from '../../helpers/run-reset.ts';

const susan = 'susan@example.com';
const tooWide = (text: string): string[] => text.split('\n').filter((line) => [...line].length > 80);
const mails = ({ mailbox }: AccessSetup): Promise<string[]> => readdir(mailbox).catch(() => []);
const show = async ({ run }: AccessSetup) => {
  const [row] = (await succeed(run(['access', 'show', susan, '--json']))).rows();
  return row as { access: { kind: string; count: number }[]; userId: string };
};
const kindsOf = async (setup: AccessSetup) =>
  [...new Set((await show(setup)).access.filter(({ count }) => count > 0).map(({ kind }) => kind))].sort();

describe('access show', () => {
  it('says on one screen what opens the account, since when, and what survives a reset', async () => {
    const setup = await makeAccessSetup('redmine');
    const { stdout, stderr } = await succeed(setup.run(['access', 'show', susan]));
    // The zone is that of the terminal.
    expect(stdout.replace(/since 2026-01-0\d \d\d:\d\d/g, 'since JANUARY').split('\n')).toEqual([
      'susan@example.com (user 5), active',
      expect.stringMatching(/^ {2}password: redmine/) as string,
      '  authenticator app: survives a reset',
      '  2 recovery codes, since JANUARY: survives a reset',
      '  2 sessions, since JANUARY: ends with a reset',
      '  1 remembered device, since JANUARY: ends with a reset',
      '  2 API tokens (API key), since JANUARY: survives a reset',
      '  1 API token (feed key), since JANUARY: survives a reset',
      '  2 connected apps, since JANUARY: survives a reset',
      '  must choose a new password: ends with a reset',
      '  not seen here: API access keys and feed keys stay good.',
      '',
    ]);
    expect(stderr).toContain('End some: reset access end --id 5 --what totp');
    expect(await show(setup)).toMatchObject({ userId: '5', email: susan, isActive: true });
  });

  it.each(['django', 'gitlab', 'laravel', 'mediawiki', 'moodle', 'wordpress'])(
    '%s: fits 80 columns',
    async (preset) => {
      const setup = await makeAccessSetup(preset);
      const { stdout } = await succeed(setup.run(['access', 'show', susan]));
      expect(stdout).toContain(': survives a reset');
      expect(tooWide(stdout)).toEqual([]);
      const ended = await succeed(setup.run(['access', 'end', susan, '--what', 'all', '--dry-run']));
      expect(tooWide(ended.stdout)).toEqual([]);
    },
  );

  it('names the person by id or user name, and knows nobody else', async () => {
    const setup = await makeAccessSetup('redmine');
    for (const named of [
      ['--id', '5'],
      ['--username', 'susan'],
    ])
      expect((await succeed(setup.run(['access', 'show', ...named, '--json']))).rows()).toMatchObject([
        { email: susan },
      ]);
    const refusals = [
      [[], 2, 'Name one user'],
      [[susan, '--id', '5'], 2, 'Name one user'],
      [['nobody@example.com'], 4, 'No user has the address'],
    ] as const;
    for (const [args, code, text] of refusals) {
      const ran = await setup.run(['access', 'show', ...args, '--json']);
      expect([ran.code, ran.error().message]).toEqual([code, expect.stringContaining(text)]);
    }
  });
});

describe('access end', () => {
  it('shows what would end, and changes nothing', async () => {
    const setup = await makeAccessSetup('redmine');
    const before = await show(setup);
    const { stdout } = await succeed(
      setup.run(['access', 'end', susan, '--what', 'totp,recovery-codes', '--dry-run']),
    );
    expect(stdout).toBe(
      'would end for susan@example.com (user 5):\n  authenticator app\n  2 recovery codes\n',
    );
    const args = ['access', 'end', susan, '--what', 'totp', '--dry-run', '--json'];
    expect((await succeed(setup.run(args))).rows()).toMatchObject([
      { status: 'planned', requestId: null, ended: [{ kind: 'totp', count: 1 }], left: [] },
    ]);
    expect(await show(setup)).toEqual(before);
    expect(await mails(setup)).toEqual([]);
  });

  it('ends one kind, with a ticket, a mail and a row in the audit log', async () => {
    const setup = await makeAccessSetup('redmine', { 'support.requireTicket': true });
    const { stdout, stderr } = await succeed(
      setup.run(['access', 'end', '--id', '5', '--what', 'totp', '--yes', '--ticket', 'SUP-4711']),
    );
    expect(stdout).toBe('✓ ended for susan@example.com (user 5):\n  authenticator app\n');
    expect(stderr).toContain('What is left: reset access show --id 5');
    expect(await kindsOf(setup)).not.toContain('totp');
    expect(await mails(setup)).toHaveLength(1);
    const audit = (await succeed(setup.run(['audit', '--format', 'json']))).stdout;
    expect(JSON.parse(audit)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'access_ended', ticket: 'SUP-4711', userId: '5' }),
      ]) as unknown,
    );
  });

  it('all: whatever lets the person in; what keeps a person out ends only by its name', async () => {
    const setup = await makeAccessSetup('gitlab');
    const [row] = (
      await succeed(setup.run(['access', 'end', susan, '--what', 'all', '--yes', '--json']))
    ).rows();
    expect(row).toMatchObject({ status: 'ended', email: susan, left: [] });
    expect(await kindsOf(setup)).toEqual(['lockout', 'must-change']);
    await succeed(setup.run(['access', 'end', susan, '--what', 'lockout,must-change', '--yes']));
    expect(await kindsOf(setup)).toEqual([]);
  });

  it('says when there is no address to write to', async () => {
    const setup = await makeAccessSetup('gitlab');
    await setup.db('users').where({ email: susan }).update({ email: 'nowhere' });
    const ran = await succeed(setup.run(['access', 'end', '--username', 'susan', '--what', 'totp', '--yes']));
    expect(ran.stderr).toContain('No notice was sent: the application has no e-mail address of this user.');
  });

  it('says what is missing, wrong or not allowed, and changes nothing', async () => {
    const setup = await makeAccessSetup('redmine', {
      'support.requireTicket': true,
      'support.protect': { status: 1 },
      'support.perHour': 1,
    });
    const before = await show(setup);
    const ticket = ['--yes', '--ticket', 'SUP-1'];
    const refusals = [
      [['--yes'], 2, 'Name what to end: --what all, or any of totp'],
      [['--what', 'totp'], 2, 'There is nobody to ask here. Check with --dry-run, then add --yes.'],
      [['--what', 'topt', '--yes'], 2, '"topt" is not a kind of access. Did you mean totp?'],
      [['--what', 'all,totp', '--yes'], 2, '"all" is not a kind of access.'],
      [['--what', 'totp', '--yes'], 2, 'A ticket is required here (support.requireTicket).'],
      [['--what', 'totp', ...ticket], 2, 'is protected (status in support.protect)'],
      [['--what', 'sms', ...ticket, '--force-protected'], 4, 'The preset redmine finds no sms'],
    ] as const;
    for (const [args, code, text] of refusals) {
      const ran = await setup.run(['access', 'end', susan, ...args, '--json']);
      expect([args, ran.code, ran.error().message]).toEqual([args, code, expect.stringContaining(text)]);
    }
    expect(await show(setup)).toEqual(before);
    await succeed(setup.run(['access', 'end', susan, '--what', 'totp', ...ticket, '--force-protected']));
    const forced = [...ticket, '--force-protected', '--json'];
    const again = await setup.run(['access', 'end', susan, '--what', 'totp', ...forced]);
    expect([again.code, again.error().message]).toEqual([2, expect.stringContaining('has no totp.')]);
    const more = await setup.run(['access', 'end', susan, '--what', 'session', ...forced]);
    expect([more.code, more.error().code]).toEqual([9, 'throttled']);
    expect(await mails(setup)).toHaveLength(1);
  });
});
