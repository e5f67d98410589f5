import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendRaw } from '../../helpers/raw-http.ts';
import { bin, cleanEnvironment, makeFolder, plain, runReset, succeed } from '../../helpers/run-reset.ts';
import { startDemo } from '../../helpers/start-demo.ts';

describe('reset demo --once', () => {
  it('ends with a cross and an exit code at the step that fails', async () => {
    const templates = join(await makeFolder(), 'templates');
    await mkdir(join(templates, 'mail', 'notice'), { recursive: true });
    await writeFile(join(templates, 'mail', 'notice', 'text.ejs'), '<%= nobody.name %>');
    const { code, stdout } = await runReset(['demo', '--once', '--templates', templates]);
    expect(code).not.toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^✗ /);
  });
});

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
    await expect.poll(() => text).toContain('4. In another terminal');
    expect(text).toMatch(command);
    const [, line = ''] = /4\. In another terminal +(.+)/.exec(text) ?? [];
    const { stdout } = await execa('bash', ['-c', line], { ...plain, cwd: '/', env });
    expect(stdout).toContain('susan@example.com');
  });
});

describe('reset demo', () => {
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
});
