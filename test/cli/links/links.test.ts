import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goodPassword, makeSetup, succeed, susan } from '../../helpers/run-reset.ts';

const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('reset link', () => {
  it('prints the URL alone on stdout, and whose it is on stderr', async () => {
    const { run } = await makeSetup();
    const { code, stdout, stderr } = await run(['link', susan.email]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^https:\/\/accounts\.example\.com\/reset_password\/eyJ[\w.-]+\n$/);
    expect(stderr).toContain(`For ${susan.email} (user 1). It works until `);
    expect(stderr).not.toContain('eyJ');
  });

  it('prints one object with --json, and nothing on stderr', async () => {
    const { run } = await makeSetup();
    const { code, stderr, rows } = await run(['link', '--username', 'susan', '--json']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(rows()).toEqual([
      {
        email: susan.email,
        userId: '1',
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        url: expect.stringContaining('https://accounts.example.com/reset_password/eyJ'),
        token: expect.stringMatching(jwt),
        expiresAt: expect.stringMatching(instant),
      },
    ]);
  });

  it('R06: takes RESET_TOKEN_EXPIRES_IN as whole seconds', async () => {
    const { run } = await makeSetup();
    const { rows } = await run(['link', '--id', '1', '--json'], { env: { RESET_TOKEN_EXPIRES_IN: '3600' } });
    const [, payload = ''] = String(rows()[0]?.['token']).split('.');
    const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      iat: number;
      exp: number;
    };
    expect(exp - iat).toBe(3600);
  });
});

describe('reset verify', () => {
  it('says who a token belongs to and until when it works, and takes it as an argument, from a pipe, or as a whole link', async () => {
    const { run, issue } = await makeSetup();
    const token = await issue();
    const first = await run(['verify', token]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^✓ Good until (\d{4}-\d\d-\d\d )?\d\d:\d\d \(in 1 hour\)\.\n {2}user 1, susan@example\.com\n {2}issued .*\d\d:\d\d, request \w{32}\n$/,
    );
    const others = await Promise.all([
      run(['verify', '-'], { input: `${token}\n` }),
      run(['verify'], { input: `https://accounts.example.com/reset_password/${token}\n` }),
    ]);
    for (const { stdout } of others) expect(stdout).toBe(first.stdout);
  });

  it('prints one object with --json', async () => {
    const { run, issue } = await makeSetup();
    const { rows } = await run(['verify', await issue(), '--json']);
    expect(rows()).toEqual([
      {
        valid: true,
        userId: '1',
        email: susan.email,
        requestId: expect.any(String),
        issuedAt: expect.stringMatching(instant),
        expiresAt: expect.stringMatching(instant),
      },
    ]);
  });
});

describe('reset apply', () => {
  it('writes the hash, says what it did, and sends the notice', async () => {
    const { run, issue, apply, mailbox } = await makeSetup();
    const { code, stdout, stderr } = await apply(await issue());
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '✓ new password for susan@example.com (user 1), written as bcrypt\n',
      stderr: '',
    });
    expect(readdirSync(mailbox)).toHaveLength(1);
    await succeed(run(['doctor', '--user', susan.email, '--password-stdin'], { input: `${goodPassword}\n` }));
  });

  it('prints one object with --json', async () => {
    const { issue, apply } = await makeSetup();
    const { rows } = await apply(await issue(), goodPassword, '--json');
    expect(rows()).toEqual([
      { status: 'applied', userId: '1', email: susan.email, hashFormat: 'bcrypt', sessionsEnded: 0 },
    ]);
  });

  it('makes a password with --generate and prints it once', async () => {
    const { run, issue } = await makeSetup();
    const { stdout } = await succeed(run(['apply', await issue(), '--generate', '--json']));
    const { password } = JSON.parse(stdout) as { password: string };
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    expect(await run(check, { input: password })).toMatchObject({ code: 0 });
  });

  it('stays 0 when the notice cannot be sent, and says so', async () => {
    const { folder, issue, apply, configure } = await makeSetup();
    await configure({ 'mail.url': `file:${folder}/app.db/mailbox` });
    const { code, stderr } = await apply(await issue());
    expect(code).toBe(0);
    expect(stderr).toContain('! The notice to the user');
  });

  it('keeps the spaces around a password from standard input, and strips one line end (R81)', async () => {
    const { run, issue, apply } = await makeSetup();
    const password = `  ${goodPassword}  `;
    await succeed(apply(await issue(), `${password}\r\nand a second line`));
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    expect(await run(check, { input: password })).toMatchObject({ code: 0 });
    expect(await run(check, { input: goodPassword })).toMatchObject({ code: 8 });
  });
});

describe('reset revoke', () => {
  it('revokes the live links of one user, and of everybody', async () => {
    const { run, issue } = await makeSetup();
    const token = await issue();
    expect(await run(['revoke', susan.email])).toMatchObject({
      code: 0,
      stdout: '✓ revoked 1 live link of susan@example.com (user 1)\n',
    });
    expect((await run(['verify', token, '--json'])).error().code).toBe('token_revoked');
    await issue();
    expect((await run(['revoke', '--all', '--yes', '--json'])).rows()).toEqual([
      { status: 'revoked', revoked: 1, unqueued: 0 },
    ]);
  });

  it('does not kill the links of everybody without a yes', async () => {
    const { run, issue } = await makeSetup();
    const token = await issue();
    expect(await run(['revoke', '--all'])).toMatchObject({ code: 2, stdout: '' });
    await succeed(run(['verify', token]));
  });
});
