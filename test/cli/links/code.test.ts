import { describe, expect, it } from 'vitest';
import { spellAloud } from '../../../src/values/spell-aloud.ts';
import { startTutorialSite } from '../../helpers/tutorial-site.ts';
import { makeSetup, succeed, susan } from '../../helpers/run-reset.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

describe('reset code', () => {
  it('prints the code alone on stdout; how it is read aloud and where it is typed on stderr', async () => {
    const { run } = await makeSetup();
    const { stdout, stderr } = await succeed(run(['code', susan.email]));
    const code = stdout.trim();
    expect(code).toMatch(CODE);
    const [first, second, third] = stderr.split('\n');
    expect(first).toBe(`Read aloud: ${spellAloud(code)}`);
    expect(second).toBe(
      'To be typed at https://accounts.example.com/reset_password_code, together with susan@example.com',
    );
    expect(third).toMatch(
      /^For susan@example\.com \(user 1\)\. It works until .* \(in 10 minutes\), for five tries\. Anyone with this code can set the password\.$/,
    );
    const quiet = await succeed(run(['code', '--id', susan.id, '--quiet']));
    expect([quiet.stdout, quiet.stderr]).toEqual([expect.stringMatching(/^.{9}\n$/), '']);
  });

  it('--json: one row, and the ticket in the audit', async () => {
    const { run } = await makeSetup();
    const ran = await succeed(run(['code', '--username', susan.name, '--ticket', 'SUP-4711', '--json']));
    expect(ran.stderr).toBe('');
    expect(ran.rows()).toEqual([
      {
        email: susan.email,
        userId: susan.id,
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        code: expect.stringMatching(CODE),
        url: 'https://accounts.example.com/reset_password_code',
        account: susan.email,
        expiresAt: expect.stringMatching(/Z$/),
      },
    ]);
    const [row] = (await succeed(run(['audit', '--json']))).rows();
    expect(row).toMatchObject({
      event: 'code_issued',
      result: 'ok',
      ticket: 'SUP-4711',
      actorKind: 'operator',
    });
  });

  it.each<[string, string[], number, string, Record<string, unknown>?]>([
    ['nobody', ['code', 'nobody@example.com'], 4, 'user_not_found'],
    ['without a name', ['code'], 2, 'usage_invalid'],
    ['without the key', ['code', susan.email], 3, 'config_invalid', { secret: undefined }],
    ['without baseUrl', ['code', susan.email], 3, 'config_invalid', { baseUrl: undefined }],
    ['someone inactive', ['code', susan.email], 4, 'user_inactive', { 'users.active': { id: 0 } }],
  ])('ends as link does: %s', async (_name, args, code, error, changes = {}) => {
    const { run } = await makeSetup(changes);
    const ran = await run([...args, '--json']);
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.error().code).toBe(error);
    const asLink = await run(['link', ...args.slice(1), '--json']);
    expect([asLink.code, asLink.error().code]).toEqual([code, error]);
  });

  it('status shows it, resend has no link of it, revoke ends it', async () => {
    const { run } = await makeSetup();
    const [{ requestId }] = (await succeed(run(['code', susan.email, '--json']))).rows() as [
      { requestId: string },
    ];
    const shown = await succeed(run(['status', susan.email]));
    expect(shown.stdout).toMatch(
      new RegExp(
        `live code with 5 tries left until .* \\(in 10 minutes\\), request ${requestId.slice(0, 8)}`,
      ),
    );
    expect(shown.stdout).toContain('  code printed; by ');
    const [row] = (await succeed(run(['status', susan.email, '--json']))).rows();
    expect(row).toMatchObject({
      liveLinks: [{ requestId, code: { way: 'aloud', triesLeft: 5, isTyped: false } }],
    });
    const resent = await run(['resend', susan.email, '--json']);
    expect([resent.code, resent.error().code]).toEqual([5, 'token_invalid']);
    const revoked = await succeed(run(['revoke', susan.email]));
    expect(revoked.stdout).toContain('revoked 1 live link');
    expect((await succeed(run(['status', susan.email]))).stdout).toContain('no live link');
  });

  it('says what a set-up with links of the application needs for it', async () => {
    const { setup, origin } = await startTutorialSite();
    const { stdout, stderr } = await succeed(setup.run(['code', susan.email]));
    expect(stdout.trim()).toMatch(CODE);
    expect(stderr).toContain(`To be typed at ${origin}/reset_password_code`);
    expect(stderr).toContain('it works only where the proxy sends /reset_password_code to a running serve.');
  });
});

it('a code is spelt in the alphabet of NATO', () => {
  expect(spellAloud('7KQM-2X9T')).toBe('seven Kilo Quebec Mike, two X-ray nine Tango');
  expect(spellAloud('0123-4568')).toBe('zero one two three, four five six eight');
});
