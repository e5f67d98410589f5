import { readFileSync, readdirSync, statSync } from 'node:fs';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { startMailbox } from '../../helpers/mailbox.ts';
import {
  bin,
  cleanEnvironment,
  goodPassword,
  makeFolder,
  makeSetup,
  plain,
  runReset,
  succeed,
  susan,
} from '../../helpers/run-reset.ts';
import { startApply, untilWaiting } from '../../helpers/start-apply.ts';

describe('R78: passwords and keys', () => {
  it('never stand in the arguments or the environment of the process', async () => {
    const setup = await makeSetup({ secret: undefined });
    const { folder, issue, config, configure } = setup;
    const key = join(folder, 'reset.key');
    await succeed(runReset(['keygen', '--out', key]));
    const secret = readFileSync(key, 'utf8').trim();
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, await issue('--secret-file', key));
    expect(config['secret']).toBeUndefined();
    await configure({ secret: `file:${key}` });
    const waiting = startApply(setup, tokenFile);
    await untilWaiting(waiting.pid);
    const seen =
      readFileSync(`/proc/${waiting.pid}/cmdline`, 'utf8') +
      readFileSync(`/proc/${waiting.pid}/environ`, 'utf8');
    waiting.give(goodPassword);
    expect((await waiting.ended).code).toBe(0);
    expect(seen).toContain('--password-stdin');
    for (const canary of [goodPassword, secret, secret.slice('base64url:'.length)]) {
      expect(seen).not.toContain(canary);
    }
  });

  it.each([
    '--password hunter2secret',
    '--password=hunter2secret',
    '--secret hunter2secret',
    '-phunter2secret',
  ])('are refused as %s, without an echo', async (flags) => {
    for (const command of ['apply', 'send', 'user']) {
      const { code, stdout, stderr } = await runReset([command, ...flags.split(' ')]);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('hunter2secret');
    }
  });
});

describe('R79: a key file', () => {
  it.each([0o644, 0o660, 0o604])('that others can read (%o) is refused, with the way out', async (mode) => {
    const { folder, run } = await makeSetup({ secret: undefined });
    const key = join(folder, 'reset.key');
    await succeed(runReset(['keygen', '--out', key]));
    await chmod(key, mode);
    const { code, stderr } = await run(['link', susan.email, '--secret-file', key]);
    expect(code).toBe(3);
    expect(stderr).toContain(`chmod 600 ${key}`);
  });

  it('that is a folder or a pipe is refused at once', async () => {
    const { folder, run } = await makeSetup({ secret: undefined });
    const pipe = join(folder, 'pipe');
    await execa('mkfifo', ['-m', '600', pipe]);
    for (const path of [folder, pipe]) {
      const { code, stderr } = await run(['link', susan.email], { env: { RESET_SECRET_FILE: path } });
      expect(code).toBe(3);
      expect(stderr).toContain('not a regular file');
    }
  });
});

describe('R80: files that are written', () => {
  it('can be read by nobody else, whatever the umask', async () => {
    const folder = await makeFolder();
    const shell = [
      'umask 000',
      `${process.execPath} ${bin} keygen --out reset.key`,
      `export RESET_DATABASE=sqlite:app.db RESET_SECRET_FILE=reset.key RESET_BASE_URL=https://a.example.com`,
      `export RESET_MAIL_URL=file:mailbox RESET_MAIL_FROM=a@example.com`,
      `${process.execPath} ${bin} migrate`,
      `${process.execPath} ${bin} user add ${susan.email}`,
      `${process.execPath} ${bin} send ${susan.email}`,
    ].join(' && ');
    await execa('bash', ['-c', shell], { cwd: folder, env: cleanEnvironment(), extendEnv: false });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['app.db', 'reset.key', expect.stringMatching(/^mailbox\/.+\.eml$/)]),
    );
    for (const file of files)
      expect({ file, others: statSync(join(folder, file)).mode & 0o077 }).toEqual({ file, others: 0 });
  });

  it('do not follow a link that somebody planted', async () => {
    const folder = await makeFolder();
    const victim = join(folder, 'victim');
    await writeFile(victim, 'precious');
    await symlink(victim, join(folder, 'reset.key'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'dangling.key'));
    for (const name of ['reset.key', 'dangling.key']) {
      expect(await runReset(['keygen', '--out', join(folder, name)])).toMatchObject({ code: 2 });
    }
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).not.toContain('elsewhere');
  });
});

describe('R82: what others wrote', () => {
  it('cannot steer the terminal', async () => {
    const setup = await makeSetup();
    const db = await setup.open();
    await db('users').update({ username: '\u001b]0;pwn\u0007\u202egnp.exe' });
    const { stdout } = await setup.run(['user', 'list']);
    expect(stdout).toContain('\\u001b]0;pwn\\u0007\\u202egnp.exe');
    const mailbox = await startMailbox({
      onRcpt: () => ({ code: 550, text: 'no\u001b[2J\u009b31m such mailbox' }),
    });
    await setup.configure({ 'mail.url': mailbox.url });
    const refused = await setup.run(['send', susan.email]);
    await mailbox.close();
    for (const text of [stdout, refused.stdout, refused.stderr])
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(refused.code).toBe(10);
  });
});

describe('R84: a link', () => {
  it('is printed by reset link alone', async () => {
    const { run, issue, apply } = await makeSetup();
    const token = await issue();
    const loud = ['--verbose'];
    const all = [
      await run(['send', susan.email, ...loud]),
      await run(['send', susan.email, '--force', '--json', ...loud]),
      await run(['verify', token, ...loud]),
      await run(['verify', `${token}x`, ...loud]),
      await run(['verify', token, '--json', ...loud]),
      await apply(token, 'short', ...loud),
      await apply(token, goodPassword, ...loud),
      await apply(token, goodPassword, '--json', ...loud),
      await run(['worker', '--once', ...loud]),
      await run(['revoke', susan.email, ...loud]),
      await run(['user', 'list', '--json', ...loud]),
    ];
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 5, 0, 8, 0, 7, 0, 0, 0]);
    for (const { stdout, stderr } of all) expect(stdout + stderr).not.toContain('eyJ');
  });
});

describe('R86: a config file', () => {
  it.each([
    '{"__proto__": {"polluted": 1}}',
    '{"users": {"__proto__": {"table": "x"}}}',
    '{"constructor": {"prototype": {}}}',
  ])('that reaches for prototypes is refused: %s', async (text) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'reset.config.json'), text);
    const { code, stderr } = await runReset(['send', susan.email], { cwd: folder });
    expect(code).toBe(3);
    expect(stderr).toContain('is not a known key');
  });
});

describe('R87: a canary in every secret', () => {
  it('a debug setting of a library prints no hash and no query', async () => {
    const { issue, run } = await makeSetup();
    const { code, stderr } = await run(['apply', await issue(), '--generate'], { env: { DEBUG: '*' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('is found in no output, no log and no table of ours, at --verbose and through a crash', async () => {
    const smtpPassword = 'canary-of-the-mail-server';
    const mailbox = await startMailbox({ auth: { user: 'reset', password: smtpPassword } });
    const setup = await makeSetup({ 'mail.url': mailbox.url.replace('//', `//reset:${smtpPassword}@`) });
    const loud = ['--verbose', '--log-format', 'json'];
    let said = '';
    const note = async (running: ReturnType<typeof setup.run>) => {
      const ran = await running;
      said += ran.stdout + ran.stderr;
      return ran;
    };

    const pages = execa(process.execPath, [bin, 'serve', '--port', '0', ...loud], {
      ...plain,
      cwd: setup.folder,
      env: cleanEnvironment(),
      all: true,
    });
    const address = await new Promise<string>((resolve) => {
      pages.all.on('data', (data: Buffer) => {
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(data.toString()) ?? [];
        if (url !== undefined) resolve(url);
      });
    });
    const first = await setup.issue();
    const second = await setup.issue();
    await note(setup.run(['send', susan.email, ...loud]));
    const [mail] = await mailbox.waitFor(1);
    const third = /\/reset_password\/(eyJ\S+)/.exec(mail?.parsed.text ?? '')?.[1] ?? '';
    await note(setup.run(['verify', first, ...loud]));
    await note(setup.run(['verify', second.slice(0, -3), ...loud]));
    await fetch(`${address}/reset_password/${second}`);
    await fetch(`${address}/reset_password/${second.slice(0, -4)}`);
    await fetch(`${address}/no/such/page/${second}?token=${first}`);
    const posted = await fetch(`${address}/reset_password/${third}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({
        password: 'canary of the new password',
        password2: 'canary of the new password',
      }),
    });
    expect(posted.status).toBe(303);
    await note(setup.apply(first, 'canary of the second password', ...loud));
    await mailbox.waitFor(2);
    pages.kill('SIGTERM');
    said += (await pages).all;
    expect((await pages).exitCode).toBe(0);

    const db = await setup.open();
    const [{ password_hash: newHash }] = await db('users').select('password_hash');
    const tables = await setup.dump('reset_tokens', 'reset_outbox', 'reset_audit', 'reset_throttle');
    await db.schema.renameTable('reset_audit', 'reset_audit_gone');
    await note(setup.apply(await setup.issue().catch(() => first), 'canary of the third password', ...loud));
    await mailbox.close();

    const key = String(setup.config['secret']).slice('base64url:'.length);
    const canaries = [
      ...[first, second, third].map((token) => token.split('.')[2] ?? ''),
      ...[first, second, third].map((token) => token.split('.')[1] ?? ''),
      smtpPassword,
      key,
      Buffer.from(key, 'base64url').toString('hex'),
      susan.encoded,
      newHash,
      'canary of the new password',
      'canary of the second password',
      'canary of the third password',
    ];
    expect(said.length).toBeGreaterThan(500);
    for (const canary of canaries) {
      expect(canary).not.toBe('');
      expect(said).not.toContain(canary);
      expect(tables).not.toContain(canary);
    }
  });
});
