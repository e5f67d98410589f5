import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendRaw } from '../../helpers/raw-http.ts';
import { bin, cleanEnvironment, makeFolder, plain, runReset, succeed } from '../../helpers/run-reset.ts';

describe('reset demo --once', () => {
  it('goes through the whole loop by itself, ticks every step and leaves nothing behind', async () => {
    const folder = await makeFolder();
    const { code, stdout, stderr } = await runReset(['demo', '--once'], {
      cwd: folder,
      env: { TMPDIR: folder },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(13);
    for (const line of lines) expect(line).toMatch(/^✓ /);
    expect(await readdir(folder)).toEqual([]);
  });

  it('prints one object a step with --json', async () => {
    const { code, rows } = await runReset(['demo', '--once', '--json']);
    expect(code).toBe(0);
    expect(rows().length).toBeGreaterThanOrEqual(13);
    for (const row of rows()) expect(row).toMatchObject({ step: expect.any(String), status: 'ok' });
  });

  it('ends with a cross and an exit code at the step that fails', async () => {
    const templates = join(await makeFolder(), 'templates');
    await mkdir(join(templates, 'mail', 'notice'), { recursive: true });
    await writeFile(join(templates, 'mail', 'notice', 'text.ejs'), '<%= nobody.name %>');
    const { code, stdout } = await runReset(['demo', '--once', '--templates', templates]);
    expect(code).not.toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^✗ /);
  });
});

interface Demo {
  readonly folder: string;
  readonly mailbox: string;
  readonly pages: string;
}

/** Starts `reset demo` and waits until it says where things are. */
async function startDemo(dir: string): Promise<{ demo: Demo; stop(): Promise<number | undefined> }> {
  const child = execa(process.execPath, [bin, 'demo', '--dir', dir, '--port', '0', '--json'], {
    ...plain,
    env: cleanEnvironment(),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    child.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return {
    demo: JSON.parse(line) as Demo,
    stop: async () => {
      child.kill('SIGINT');
      return (await child).exitCode;
    },
  };
}

describe('step 4 of reset demo', () => {
  it.each([
    ['installed for everybody as resetctl', 'resetctl', /&& resetctl user list$/m],
    ['from a clone, in another folder', 'reset.js', /&& node \S+bin\/reset\.js user list$/m],
  ])('works as it stands there: %s', async (_how, name, command) => {
    const folder = join(await makeFolder(), 'Jürgens Ordner');
    await mkdir(folder);
    const script = name === 'reset.js' ? bin : join(folder, name);
    if (script !== bin) await symlink(bin, script);
    const env = cleanEnvironment({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
    const child = execa(process.execPath, [script, 'demo', '--port', '0'], { ...plain, cwd: folder, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    await expect.poll(() => text, { timeout: 30_000 }).toContain('4. In another terminal');
    expect(text).toMatch(command);
    const [, line = ''] = /4\. In another terminal +(.+)/.exec(text) ?? [];
    const { stdout } = await execa('bash', ['-c', line], { ...plain, cwd: '/', env });
    expect(stdout).toContain('susan@example.com');
  });
});

describe('reset demo', () => {
  it('makes a playground, serves pages and mailbox, and ends by Ctrl-C with 130', async () => {
    const dir = join(await makeFolder(), 'reset-demo');
    const { demo, stop } = await startDemo(dir);
    expect((await readdir(dir)).sort()).toEqual(
      expect.arrayContaining(['demo.db', 'mailbox', 'reset.config.json', 'reset.key']),
    );
    for (const file of ['demo.db', 'reset.key', 'reset.config.json']) {
      expect((await stat(join(dir, file))).mode & 0o777, `R80: ${file}`).toBe(0o600);
    }
    expect((await fetch(`${demo.pages}/reset_password_request`)).status).toBe(200);

    const list = await fetch(demo.mailbox);
    expect(list.headers.get('content-security-policy')).toContain("default-src 'none'");
    const [, mail = ''] = /href="(\/mail\/[^"]+)"/.exec(await list.text()) ?? [];
    const shown = await (await fetch(new URL(mail, demo.mailbox))).text();
    expect(shown).toContain('sandbox="allow-popups');
    expect(shown).toContain('Message-ID');
    const [, link = ''] = /href="([^"]+\/reset_password\/eyJ[^"]+)"/.exec(shown) ?? [];
    expect((await fetch(link)).status).toBe(200);
    const html = await fetch(new URL(`${mail}/html`, demo.mailbox));
    expect(html.headers.get('content-security-policy')).toContain('sandbox');
    expect(await html.text()).toContain(link);
    expect(await stop()).toBe(130);
  });

  it('answers nobody who comes by another name, and shows only mails', async () => {
    const { demo, stop } = await startDemo(join(await makeFolder(), 'reset-demo'));
    const { port } = new URL(demo.mailbox);
    const get = async (path: string, host: string) =>
      (
        await sendRaw(
          { port: Number(port) },
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        )
      ).status;
    expect(await get('/', `evil.test:${port}`)).toBe(403);
    expect(await get('/mail/..%2freset.key', `127.0.0.1:${port}`)).toBe(404);
    expect((await fetch(demo.mailbox, { method: 'POST' })).status).toBe(405);
    await stop();
  });

  it('keeps its folder: the same command starts it again, and its users are there', async () => {
    const dir = join(await makeFolder(), 'reset-demo');
    await (await startDemo(dir)).stop();
    const key = await readFile(join(dir, 'reset.key'), 'utf8');
    await (await startDemo(dir)).stop();
    expect(await readFile(join(dir, 'reset.key'), 'utf8')).toBe(key);
    const { rows } = await succeed(runReset(['user', 'list', '--json'], { cwd: dir }));
    expect(rows().map(({ email, locale }) => [email, locale])).toEqual([
      ['susan@example.com', 'en'],
      ['minjun@example.com', 'ko'],
      ['maria@example.com', null],
    ]);
    await succeed(runReset(['send', 'minjun@example.com'], { cwd: dir }));
  });

  it('does not touch a folder that holds something else', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    expect(await runReset(['demo', '--dir', folder])).toMatchObject({ code: 2 });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });
});
