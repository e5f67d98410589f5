import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bin, makeFolder, runReset } from '../../helpers/run-reset.ts';
import { openShell } from '../../helpers/terminal.ts';

const command = `${process.execPath} ${bin} help ci`;

it('a topic that is longer than the screen goes through $PAGER', async () => {
  const folder = await makeFolder();
  const pager = join(folder, 'pager');
  await writeFile(pager, '#!/bin/sh\necho "paged with $1"; cat | tail -n 2\n');
  await chmod(pager, 0o755);
  const shell = openShell(command, { cwd: folder, env: { PAGER: `${pager} -x` } });
  await shell.see(/paged with -x/);
  expect(await shell.end()).toBe(0);
});

it.each(['cat', '', 'no-such-pager-anywhere'])('a topic is simply printed with PAGER=%j', async (PAGER) => {
  const shell = openShell(command, { cwd: await makeFolder(), env: { PAGER } });
  await shell.see(/Exit codes/);
  expect(await shell.end()).toBe(0);
  expect(shell.screen()).not.toContain('##');
});

it('a topic in a pipe is plain Markdown', async () => {
  const { stdout } = await runReset(['help', 'ci'], { env: { PAGER: 'no-such-pager' } });
  expect(stdout).toMatch(/^# CI/);
});
