import { mkdir, symlink } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
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

/** Many commands in one process, which is called by this name: what each prints. */
const RUN_ALL = `
  const [main, script, commands] = JSON.parse(process.argv[1]);
  process.argv[1] = script;
  process.stdout.setMaxListeners(0);
  process.stderr.setMaxListeners(0);
  const write = process.stdout.write.bind(process.stdout);
  const printed = [];
  for (const args of commands) {
    let text = '';
    process.stdout.write = (chunk) => ((text += chunk), true);
    await (await import(main)).main(args);
    printed.push(text);
  }
  write(JSON.stringify(printed));
`;

async function runAllAs(name: string, commands: readonly (readonly string[])[]): Promise<string[]> {
  const folder = await makeFolder();
  const link = join(folder, name);
  await symlink(bin, link);
  const main = pathToFileURL(join(dirname(bin), '../dist/program/main.cjs')).href;
  const given = JSON.stringify([main, link, commands]);
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', RUN_ALL, given], {
    extendEnv: false,
    cwd: folder,
    env: cleanEnvironment({ COLUMNS: '200' }),
    stdin: 'ignore',
  });
  return JSON.parse(stdout) as string[];
}

/** A command line that begins with `reset`: what a person would copy into a terminal, where it is another program. */
const COMMANDS = [...new Set(everyCommand().map(({ args }) => args[0]))].join('|');
const hintsOf = (text: string): string[] =>
  text.match(
    new RegExp(`(?<![\\w./=-]|\\b(?:an?|the|of|npx|preview) )reset (?:--\\w+|(?:${COMMANDS})\\b).*`, 'g'),
  ) ?? [];

describe('called as resetctl', () => {
  it('every page of help says resetctl', async () => {
    const commands = [{ args: [], path: 'reset' }, ...everyCommand()];
    const pages = await runAllAs(
      'resetctl',
      commands.map(({ args }) => [...args, '--help']),
    );
    expect(pages).toHaveLength(commands.length);
    for (const [index, { path }] of commands.entries())
      expect(pages[index]).toContain(`Usage: ${path.replace('reset', 'resetctl')} `);
    expect(pages.flatMap(hintsOf)).toEqual([]);
  });

  it('every page of the manual says resetctl', async () => {
    const pages = await runAllAs(
      'resetctl',
      topics.map((topic) => ['help', topic]),
    );
    expect(topics.filter((_topic, index) => !pages[index]?.includes('resetctl '))).toEqual([]);
    expect(pages.flatMap((page) => hintsOf(page.replaceAll(/^#.*$/gm, '')))).toEqual([]);
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

  it('the completion scripts say resetctl', async () => {
    const shells = ['bash', 'zsh', 'fish'];
    for (const script of await runAllAs(
      'resetctl',
      shells.map((shell) => ['completion', shell]),
    )) {
      expect(script.split('\n').slice(0, 2).join('\n')).toContain('resetctl');
      expect(hintsOf(script)).toEqual([]);
    }
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
