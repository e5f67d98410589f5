import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMailbox } from '../helpers/mailbox.ts';
import { goodPassword, makeFolder, makeSetup, runReset, succeed, susan } from '../helpers/run-reset.ts';

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
  it('says whose a token is and until when, and takes it as an argument, from a pipe, or as a whole link', async () => {
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
  it('writes the hash, tells what it did, and sends the notice', async () => {
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

  it('stays 0 when the notice can not be sent, and says so', async () => {
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

describe('reset send', () => {
  it('waits for the mail and tells what the mail server answered', async () => {
    const mailbox = await startMailbox();
    const { run } = await makeSetup({ 'mail.url': mailbox.url });
    const { code, stdout } = await run(['send', susan.email, '--ticket', 'SUP-4711']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^✓ Sent to susan@example\.com\. The link works until .*\d\d:\d\d \(in 1 hour\)\.\n {2}mail server: 250.*\n {2}request \w+\n$/,
    );
    const [mail] = await mailbox.waitFor(1);
    expect(mail?.envelope.to).toEqual([susan.email]);
    expect(mail?.parsed.text).toContain('SUP-4711');
    await mailbox.close();
  });

  it('prints one object with --json', async () => {
    const { run } = await makeSetup();
    const { rows, stderr } = await run(['send', susan.email, '--json']);
    expect(stderr).toBe('');
    expect(rows()).toEqual([
      expect.objectContaining({
        email: susan.email,
        userId: '1',
        status: 'sent',
        requestId: expect.any(String),
        expiresAt: expect.stringMatching(instant),
        messageId: expect.stringMatching(/^<.+@.+>$/),
      }),
    ]);
  });

  it('mails a link that works', async () => {
    const { run, mailbox } = await makeSetup();
    await succeed(run(['send', susan.email]));
    const [file = ''] = readdirSync(mailbox);
    const [, link = ''] =
      /^(https:\/\/accounts\.example\.com\/reset_password\/eyJ\S+)$/m.exec(
        readFileSync(join(mailbox, file), 'utf8').replaceAll('=\r\n', '').replaceAll('\r', ''),
      ) ?? [];
    expect(await run(['verify', link])).toMatchObject({ code: 0 });
  });
});

describe('reset revoke', () => {
  it('kills the live links of one user, and of everybody', async () => {
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

describe('reset worker', () => {
  it('ends with --once when nothing is queued', async () => {
    const { run } = await makeSetup();
    expect(await run(['worker', '--once'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('delivers what a send had to leave in the queue', async () => {
    const { run, configure, mailbox, open } = await makeSetup();
    await configure({ 'mail.url': 'smtp://127.0.0.1:1' });
    expect((await run(['send', susan.email, '--json'])).error()).toMatchObject({
      code: 'delivery_failed',
      details: { retryable: true },
    });
    await configure({ 'mail.url': `file:${mailbox}` });
    const db = await open();
    await db('reset_outbox').update({ due_at: 0 }); // the next try would come in two minutes
    const { rows } = await run(['worker', '--once', '--json']);
    expect(rows()).toEqual([expect.objectContaining({ status: 'sent', kind: 'reset', userId: '1' })]);
    expect(readdirSync(mailbox)).toHaveLength(1);
  });
});

describe('reset migrate, user and keygen', () => {
  it('make a database from nothing', async () => {
    const folder = await makeFolder();
    const env = { RESET_DATABASE: `sqlite:${join(folder, 'new.db')}` };
    expect(await runReset(['migrate', 'status'], { env })).toMatchObject({ code: 0 });
    const { stdout } = await succeed(runReset(['migrate'], { env }));
    expect(stdout).toContain('0001_outbox.js');
    expect(stdout).toMatch(/in the file \S+new.db\.\n  Created the table users there\./);
    expect((await runReset(['migrate', '--json'], { env })).rows()).toEqual([
      { applied: [], usersTable: 'present' },
    ]);
    const added = await runReset(['user', 'add', 'a@example.com', '--locale', 'ko', '--json'], { env });
    expect(added.rows()).toEqual([{ userId: '1', email: 'a@example.com' }]);
    expect((await runReset(['user', 'list', '--json'], { env })).rows()).toEqual([
      { userId: '1', email: 'a@example.com', name: null, locale: 'ko', hasPassword: false, isActive: true },
    ]);
    expect((await runReset(['user', 'list'], { env })).stdout).toBe('1\ta@example.com\tko\tno password\n');
  });

  it('print a key that is good for signing', async () => {
    const { stdout } = await succeed(runReset(['keygen']));
    expect(stdout).toMatch(/^base64url:[\w-]{43}\n$/);
    const { run } = await makeSetup({ secret: stdout.trim() });
    expect(await run(['link', susan.email])).toMatchObject({ code: 0 });
  });

  it('write a key into a new file of mode 0600, and never over another', async () => {
    const folder = await makeFolder();
    const out = join(folder, 'reset.key');
    await succeed(runReset(['keygen', '--out', out]));
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const before = readFileSync(out, 'utf8');
    expect(await runReset(['keygen', '--out', out])).toMatchObject({ code: 2 });
    expect(readFileSync(out, 'utf8')).toBe(before);
    const { run } = await makeSetup({ secret: undefined });
    await succeed(run(['link', susan.email, '--secret-file', out]));
  });
});

describe('reset doctor --user', () => {
  it('says whether the stored hash accepts a password: exit 0 or 8', async () => {
    const { run } = await makeSetup();
    const args = ['doctor', '--user', susan.email, '--password-stdin', '--json'];
    expect((await run(args, { input: `${susan.password}\n` })).rows()).toEqual([
      { accepted: true, userId: '1', email: susan.email, hashFormat: 'bcrypt' },
    ]);
    const { code, stdout, error } = await run(args, { input: 'another password\n' });
    expect({ code, stdout, error: error().code }).toEqual({
      code: 8,
      stdout: '',
      error: 'password_rejected',
    });
  });
});

describe('every command', () => {
  it('R48: tells the operator the truth about a user', async () => {
    const { run } = await makeSetup();
    const { code, stdout, stderr } = await run(['send', 'nobody@example.com']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^✗ No user has the address nobody@example\.com\. Search: reset user find nobody \(user_not_found\)\n$/,
    );
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await runReset(['--version'])).stdout).toBe(`${version}\n`);
    expect((await runReset(['send', '--version'])).code).not.toBe(1);
  });

  it('does not fail when a reader has seen enough', async () => {
    const { folder } = await makeSetup();
    const { execa } = await import('execa');
    const { bin } = await import('../helpers/run-reset.ts');
    const { stderr, exitCode } = await execa({
      shell: 'bash',
      reject: false,
      cwd: folder,
    })`set -o pipefail; ${process.execPath} ${bin} user list | true`;
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('colours its marks only when asked to, off a terminal', async () => {
    const { run, issue } = await makeSetup();
    const token = await issue();
    const escape = '\u001b[';
    expect((await run(['verify', token])).stdout).not.toContain(escape);
    expect((await run(['verify', token], { env: { FORCE_COLOR: '1' } })).stdout).toContain(escape);
    expect((await run(['verify', token], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
    expect((await run(['verify', token, '--no-color'], { env: { FORCE_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
  });
});
