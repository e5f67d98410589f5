import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findClipboard } from '../../../src/cli/links/clipboard.ts';
import { waitingLine } from '../../../src/cli/terminal/waiting.ts';
import { makeFolder, makeSetup, susan } from '../../helpers/run-reset.ts';

/** A folder with a program of this name in it. */
async function makeProgram(name: string, script: string): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

describe('reset link --copy', () => {
  it('puts the link into the clipboard and keeps it off the screen', async () => {
    const { spawn, folder } = await makeSetup();
    const programs = await makeProgram('wl-copy', `/bin/cat > ${folder}/clipboard`);
    const { code, stdout, stderr } = await spawn(['link', susan.email, '--copy'], {
      env: { PATH: programs, WAYLAND_DISPLAY: 'wayland-0' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^The link is in the clipboard\.\nFor susan@example\.com \(user 1\)\./);
    expect(await readFile(join(folder, 'clipboard'), 'utf8')).toMatch(/^https:\/\/\S+\/reset_password\/\S+$/);
  });

  it('prints the link when the program fails', async () => {
    const { spawn } = await makeSetup();
    const { code, stdout, stderr } = await spawn(['link', susan.email, '--copy'], {
      env: { PATH: await makeProgram('xclip', 'exit 7'), DISPLAY: ':9' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^https:\S+\n$/);
    expect(stderr).toContain('! Nothing was copied (xclip ended with code 7). The link:');
  });

  it('makes no link if there is no clipboard', async () => {
    const setup = await makeSetup();
    const before = await setup.dump();
    const { code, stderr } = await setup.spawn(['link', susan.email, '--copy']);
    expect(code).toBe(2);
    expect(stderr).toContain('--copy needs pbcopy, wl-copy, xclip or clip.exe');
    expect(await setup.dump()).toBe(before);
  });

  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['darwin', {}, 'pbcopy'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'wl-copy'],
    ['linux', { DISPLAY: ':0' }, 'xclip'],
    ['linux', { WSL_DISTRO_NAME: 'Ubuntu' }, 'clip.exe'],
  ])('on %s with %j uses %s', async (platform, env, program) => {
    const PATH = await makeProgram(program, 'exit 0');
    expect(findClipboard({ PATH, ...env }, platform)).toMatchObject({ program });
    expect(findClipboard({ PATH: '/nowhere', ...env }, platform)).toBeUndefined();
    expect(findClipboard({ PATH, DISPLAY: '' }, 'linux')).toBeUndefined();
  });
});

describe('reset link --qr', () => {
  it('draws the link as a code, narrower than a terminal', async () => {
    const { run } = await makeSetup();
    const { code, stdout, stderr } = await run(['link', susan.email, '--qr']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(20);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^[█▀▄ \n]+$/);
    expect(stderr).toContain('Anyone with this link can set the password.');
  });

  it('is left out with --json', async () => {
    const { run } = await makeSetup();
    const { rows } = await run(['link', susan.email, '--qr', '--json']);
    expect(rows()).toMatchObject([{ email: susan.email }]);
  });
});

describe('the line that says what is waited for', () => {
  it('names the server, the attempt and the seconds, and fits the terminal', () => {
    expect(waitingLine('mail.example.com:587, attempt 2', 7200, 80)).toBe(
      '⠹ Waiting for mail.example.com:587, attempt 2 (7 s)',
    );
    const long = waitingLine(`${'x'.repeat(200)}\u001b[2J`, 65_000, 40);
    expect(long.length).toBeLessThan(40);
    expect(long).toMatch(/… \(65 s\)$/);
  });
});
