import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { PAGE_VIEWS } from '../../../src/flows/preview/preview-kinds.ts';
import { makeFolder, runReset } from '../../helpers/run-reset.ts';

const preview = (...args: string[]) => runReset(['preview', ...args]);

describe('reset preview', () => {
  it('renders the reset mail without a database, a mail server or a configuration', async () => {
    const { code, stdout, stderr } = await preview('reset');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^<!DOCTYPE html>\n<html lang="en" dir="ltr">/);
    expect(stdout).toContain('https://accounts.example.com/reset_password/preview.');
    expect(stdout).toContain('for your accounts.example.com account susan@example.com');
  });

  it('shows the text part under its subject, in the language of --locale', async () => {
    const { stdout } = await preview('reset', '--format', 'text', '--locale', 'ko', '--app-name', 'Acme');
    expect(stdout).toMatch(/^Subject: \[Acme\] .*비밀번호/);
    expect(stdout).toMatch(/^https:\/\/accounts\.example\.com\/reset_password\/preview\.\S+$/m);
  });

  it('shows the mail of a batch with its reason and ticket', async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'reason.txt'), 'We found our backup on the street.\n');
    const args = ['--reason-file', join(folder, 'reason.txt'), '--ticket', 'SUP-4711', '--format', 'text'];
    const { stdout } = await preview('reset', ...args);
    expect(stdout).toContain('We found our backup on the street.');
    expect(stdout).toContain('SUP-4711');
    expect(stdout).toContain('An administrator of');
  });

  it.each([
    [[], 'We received a request'],
    [['--occasion', 'support'], 'support sent you this link'],
    [['--ticket', 'SUP-4711'], 'support sent you this link'],
    [['--occasion', 'batch'], 'asks you to reset'],
    [['--lock'], 'Your old password no longer works.'],
  ])('shows the reset mail of each occasion: %j', async (args, says) => {
    const { stdout } = await preview('reset', ...args, '--format', 'text');
    expect(stdout.replace(/\n/g, ' ')).toContain(says);
  });

  it.each([
    [[], 'was changed on'],
    [['--occasion', 'support'], 'with a link or code from accounts.example.com support.'],
    [['--occasion', 'batch'], 'as your administrator had asked.'],
    [['--occasion', 'support', '--ticket', 'SUP-4711'], 'An administrator of accounts.example.com changed'],
  ])('shows the notice of each occasion: %j', async (args, says) => {
    const { stdout } = await preview('notice', ...args, '--format', 'text');
    expect(stdout.replace(/\n/g, ' ')).toContain(says);
  });

  it('makes a whole mail that a mail program reads', async () => {
    const { stdout } = await preview(
      'notice',
      '--format',
      'eml',
      '--mail-from',
      'Example <it@example.com>',
      '--locale',
      'ar',
    );
    const mail = await simpleParser(stdout);
    expect(mail.from?.text).toBe('"Example" <it@example.com>');
    expect(mail.html).toContain('dir="rtl"');
    expect(mail.text).toMatch(/[\u0600-\u06ff]/);
  });

  it.each(PAGE_VIEWS)('puts the page %s into one file that loads nothing', async (page) => {
    const folder = await makeFolder();
    const config = join(folder, 'reset.config.json');
    const logo = join(folder, 'logo.svg');
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
    await writeFile(config, JSON.stringify({ appName: 'Acme', brand: { color: '#8a1c4a', logo } }));
    const out = join(folder, 'page.html');
    const { code, rows } = await preview('page', '--page', page, '--config', config, '--out', out, '--json');
    expect(code).toBe(0);
    expect(rows()).toEqual([{ preview: 'page', format: 'html', file: out }]);
    const html = await readFile(out, 'utf8');
    expect(html).toContain('--accent:#8a1c4a');
    expect(html.match(/(?:src|href)="data:image\/svg\+xml;base64,/g)).toHaveLength(2); // in the tab and on the page
    expect(html).not.toMatch(/<link[^>]+stylesheet|<script[^>]*\ssrc=/);
  });

  it('R85: --open starts the opener of the system with a path and nothing else', async () => {
    const folder = await makeFolder();
    const tools = join(folder, 'bin');
    await mkdir(tools);
    await writeFile(join(tools, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${folder}/opened.tmp'\nmv '${folder}/opened.tmp' '${folder}/opened'\n`); // prettier-ignore
    await chmod(join(tools, 'xdg-open'), 0o755);
    const env = { PATH: `${tools}:/usr/bin:/bin`, TMPDIR: folder };
    const { code } = await runReset(['preview', 'page', '--open'], { env });
    expect(code).toBe(0);
    await expect.poll(() => readdir(folder)).toContain('opened');
    const [count, path = ''] = (await readFile(join(folder, 'opened'), 'utf8')).split('\n');
    expect(count).toBe('1');
    expect(path.startsWith(join(folder, 'reset-preview-'))).toBe(true);
    expect(await readFile(path, 'utf8')).toContain('<!DOCTYPE html>');
  });

  it('says so when there is no opener', async () => {
    const folder = await makeFolder();
    const { code, error } = await runReset(['preview', 'reset', '--open', '--json'], {
      env: { PATH: folder, TMPDIR: folder },
    });
    expect(code).toBe(2);
    expect(error().message).toMatch(/xdg-open is not installed, so .*reset\.html/);
  });

  it('prints with --out -, and makes no file of that name', async () => {
    const cwd = await makeFolder();
    const { code, stdout } = await runReset(['preview', 'reset', '--out', '-'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!DOCTYPE html>/);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    ['preview', 'reset', '--open'],
    ['demo', '--once'],
  ])('names TMPDIR where no temporary file can be written: %s', async (...args) => {
    const TMPDIR = join(await makeFolder(), 'missing');
    const { code, error } = await runReset([...args, '--json'], { env: { TMPDIR } });
    expect(code).toBe(3);
    expect(error()).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`in ${TMPDIR}: it does not exist. Set TMPDIR`) as string,
    });
  });

  it.each([
    [['page', '--format', 'text']],
    [['page', '--ticket', 'X']],
    [['page', '--occasion', 'support']],
    [['reset', '--occasion', 'support', '--lock']],
    [['reset', '--page', 'done']],
    [['reset', '--reason-file', '/nowhere']],
    [['reset', '--out', '/nowhere/x.html']],
    [['mail']],
  ])('refuses %j', async (args) => {
    const { code, stdout, error } = await preview(...args, '--json');
    expect([code, stdout, error().code]).toEqual([2, '', 'usage_invalid']);
  });
});
