import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, runReset } from '../../helpers/run-reset.ts';
import { startDemo } from '../../helpers/start-demo.ts';

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

  it('does not touch a folder that holds something else', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    expect(await runReset(['demo', '--dir', folder])).toMatchObject({ code: 2 });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });
});
