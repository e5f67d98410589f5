import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeSetup, runReset } from '../../helpers/run-reset.ts';

describe('every command', () => {
  it('R48: shows the operator the truth about a user', async () => {
    const { run } = await makeSetup();
    const { code, stdout, stderr } = await run(['send', 'nobody@example.com']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^✗ No user has the address nobody@example\.com\. Search: reset user find nobody \(user_not_found\)\n$/,
    );
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as {
      version: string;
    };
    expect((await runReset(['--version'])).stdout).toBe(`${version}\n`);
    expect((await runReset(['send', '--version'])).code).not.toBe(1);
  });

  it('does not fail when a reader has seen enough', async () => {
    const { folder } = await makeSetup();
    const { execa } = await import('execa');
    const { bin } = await import('../../helpers/run-reset.ts');
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
