import { mkdir, symlink } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { everyCommand } from '../../helpers/every-command.ts';
import {
  bin,
  cleanEnvironment,
  makeFolder,
  makeSetup,
  plain,
  susan,
  type Setup,
} from '../../helpers/run-reset.ts';

const help = fileURLToPath(new URL('../../../templates/help', import.meta.url));
const topics = readdirSync(help).map((file) => file.replace('.md', ''));

/** The program as an installation for everybody calls it, with everything that it said. */
async function runAs(name: string, args: readonly string[], cwd: string): Promise<string> {
  const link = join(await makeFolder(), name);
  await symlink(bin, link);
  const ran = await execa(process.execPath, [link, ...args], {
    ...plain,
    cwd,
    env: cleanEnvironment({ COLUMNS: '200' }),
    stdin: 'ignore',
    all: true,
  });
  return ran.all;
}

/** A command line that begins with `reset`: what a person would copy into a terminal, where it is another program. */
const COMMANDS = [...new Set(everyCommand().map(({ args }) => args[0]))].join('|');
const hintsOf = (text: string): string[] =>
  text.match(
    new RegExp(`(?<![\\w./=-]|\\b(?:an?|the|of|npx|preview) )reset (?:--\\w+|(?:${COMMANDS})\\b).*`, 'g'),
  ) ?? [];

describe('called as resetctl', () => {
  it('every page of help says resetctl', async () => {
    const folder = await makeFolder();
    for (const { args, path } of [{ args: [], path: 'reset' }, ...everyCommand()]) {
      const page = await runAs('resetctl', [...args, '--help'], folder);
      expect(page).toContain(`Usage: ${path.replace('reset', 'resetctl')} `);
      expect(hintsOf(page)).toEqual([]);
    }
  }, 120_000);

  it.each(topics)('the page %s of the manual says resetctl', async (topic) => {
    const page = await runAs('resetctl', ['help', topic], await makeFolder());
    expect(page).toContain('resetctl ');
    expect(hintsOf(page.replaceAll(/^#.*$/gm, ''))).toEqual([]);
  });

  it.each([
    ['an unknown command', ['smok'], 'resetctl --help'],
    ['an unknown option', ['batch', 'show', '--nope'], 'resetctl batch show --help'],
    ['a wrong word', ['migrate', 'sideways'], 'resetctl migrate --help'],
    ['an unknown user', ['send', 'nobody@example.com'], 'resetctl user find nobody'],
    ['an unknown batch', ['batch', 'resume', 'x'], 'resetctl batch list'],
    ['an unknown preset', ['presets', 'nope'], 'resetctl presets'],
    ['a user who is there already', ['user', 'add', susan.email], 'resetctl user list'],
    ['an error as JSON', ['batch', 'resume', 'x', '--json'], 'resetctl batch list'],
    ['a hint after a success', ['revoke', susan.email], 'resetctl send --id 1'],
    ['a list of presets', ['presets'], 'resetctl presets --detect'],
    ['a check', ['doctor', '--online'], 'resetctl serve'],
  ])('%s says what to do with resetctl', async (_what, args, expected) => {
    const { folder } = await makeSetup({ baseUrl: 'http://127.0.0.1:1' });
    const text = await runAs('resetctl', args, folder);
    expect(text).toContain(expected);
    expect(hintsOf(text)).toEqual([]);
  });

  it('what comes next after init, also as JSON', async () => {
    const folder = await makeFolder();
    const url = '--base-url https://example.com --mail-url file:mailbox --mail-from a@example.com'.split(' ');
    const args = ['init', '--yes', '--preset', 'default', '--database', 'sqlite:app.db', ...url, '--json'];
    const lines = (await runAs('resetctl', args, folder)).trim().split('\n');
    const { next } = JSON.parse(lines.at(-1) ?? '') as { next: string[] };
    expect(next).toEqual([
      'resetctl doctor',
      'resetctl user add you@example.com',
      'resetctl send you@example.com',
      'resetctl serve',
    ]);
  });

  it.each(['bash', 'zsh', 'fish'])('the completion script for %s says resetctl', async (shell) => {
    const script = await runAs('resetctl', ['completion', shell], await makeFolder());
    expect(script.split('\n').slice(0, 2).join('\n')).toContain('resetctl');
    expect(hintsOf(script)).toEqual([]);
  });
});

it('under a name of the administrator, completes and says that name', async () => {
  const folder = await makeFolder();
  expect(await runAs('pwreset', ['completion', 'bash'], folder)).toContain(
    'complete -F _reset reset resetctl pwreset',
  );
  expect(await runAs('pwreset', ['smok'], folder)).toContain('See: pwreset --help');
});

it('in a project that has it installed, says npx reset', async () => {
  const { folder, spawn } = await projectOf(await makeSetup());
  const link = join(folder, 'node_modules', '.bin', 'reset');
  const called = await execa(process.execPath, [link, 'smok'], {
    ...plain,
    cwd: folder,
    env: cleanEnvironment(),
    all: true,
  });
  expect(called.all).toContain('See: npx reset --help');
  expect((await spawn(['smok'])).stderr).toContain('See: npx reset --help');
});

/** As npm leaves it, with this package linked instead of copied. */
async function projectOf(setup: Setup): Promise<Setup> {
  const modules = join(setup.folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await symlink(dirname(dirname(bin)), join(modules, 'resetctl'));
  await symlink('../resetctl/bin/reset.js', join(modules, '.bin', 'reset'));
  return setup;
}
