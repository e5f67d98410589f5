import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { listPresets } from '../../../src/flows/setup/explain-preset.ts';
import { bin, cleanEnvironment, makeSetup, plain, runReset, succeed } from '../../helpers/run-reset.ts';
import type { Setup } from '../../helpers/run-reset.ts';
import { needs } from '../../helpers/needs.ts';
import { openShell, type Terminal } from '../../helpers/terminal.ts';

/** People complete the command that they type. */
const NAMES = ['reset', 'resetctl'] as const;

/** A set-up with the program in the PATH under this name, a batch in the database, and the script of one shell in a file. */
async function prepare(
  shell: string,
  name: string,
): Promise<Setup & { script: string; env: Record<string, string>; batch: string }> {
  const setup = await makeSetup();
  await mkdir(join(setup.folder, 'bin'));
  await symlink(bin, join(setup.folder, 'bin', name));
  const { stdout } = await succeed(runReset(['completion', shell]));
  const script = join(setup.folder, `completion.${shell}`);
  await writeFile(script, stdout);
  await setup.run(['send', '--all', '--yes', '--json']);
  const [row] = (await setup.run(['batch', 'list', '--json'])).rows();
  const PATH = `${join(setup.folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  return {
    ...setup,
    script,
    env: cleanEnvironment({ PATH, HOME: setup.folder }),
    batch: String(row?.['batch']),
  };
}

const presets = listPresets().map(({ name }) => name);
const startingWith = (start: string) => presets.filter((name) => name.startsWith(start)).sort();

/** What is typed, and what a shell must offer. */
const CASES = (name: string, batch: string) =>
  CASES_OF_RESET(batch).map(([typed, offered]) => [typed.replace('reset', name), offered] as const);

const CASES_OF_RESET = (batch: string): readonly (readonly [string, readonly string[]])[] => [
  ['reset smo', ['smoke']],
  ['reset re', ['require', 'resend', 'revoke']],
  ['reset user ', ['add', 'find', 'list']],
  ['reset send --dry', ['--dry-run']],
  ['reset audit --format ', ['csv', 'json', 'ndjson']],
  ['reset presets ph', startingWith('ph')],
  ['reset doctor --preset word', ['wordpress']],
  ['reset completion z', ['zsh']],
  ['reset help conf', ['configuration']],
  [`reset batch show ${batch.slice(0, 3)}`, [batch]],
];

const hasTerminal = needs('script');

describe.each(NAMES)('%s in bash', (name) => {
  it('completes commands, options, their values, presets, topics and batches', async () => {
    const { script, env, folder, batch } = await prepare('bash', name);
    for (const [typed, offered] of CASES(name, batch)) {
      const words = typed
        .split(' ')
        .map((word) => `'${word}'`)
        .join(' ');
      const ask = `source ${script}; COMP_WORDS=(${words}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _reset; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = await execa('bash', ['--norc', '-c', ask], { ...plain, env, cwd: folder });
      const commands = stdout
        .trim()
        .split('\n')
        .filter((word) => typed.includes(' -') || !word.startsWith('-'));
      expect([typed, commands.sort()]).toEqual([typed, [...offered].sort()]);
    }
  });

  it.runIf(hasTerminal)('does so when a person presses Tab', async () => {
    const { script, env, folder } = await prepare('bash', name);
    const shell = openShell(`bash --norc -i`, { cwd: folder, env: { ...env, PS1: '> ' } });
    shell.answer(`eval "$(cat ${script})"; bind 'set enable-bracketed-paste off'; echo ready$((1+1))`);
    await shell.see(/ready2/);
    await expectCompletion(shell, name);
  });
});

describe.runIf(hasTerminal && needs('zsh')).each(NAMES)('%s in zsh', (name) => {
  it('does so when a person presses Tab', async () => {
    const { script, env, folder, batch } = await prepare('zsh', name);
    const shell = openShell('zsh -f -i', { cwd: folder, env: { ...env, PS1: '> ', TERM: 'dumb' } });
    shell.answer(`autoload -U compinit && compinit -u -D; source ${script}; echo ready$((1+1))`);
    await shell.see(/ready2/);
    await expectCompletion(shell, name);
    shell.press(`${name} presets ph\t`);
    for (const preset of startingWith('ph')) await shell.see(new RegExp(preset));
    shell.press('\u0015');
    shell.press(`${name} batch show ${batch.slice(0, 5)}\t`);
    await shell.see(new RegExp(`${name} batch show ${batch}`));
  });
});

describe.runIf(needs('fish')).each(NAMES)('%s in fish', (name) => {
  it('completes commands, options, their values, presets, topics and batches', async () => {
    const { script, env, folder, batch } = await prepare('fish', name);
    for (const [typed, offered] of CASES(name, batch)) {
      const { stdout } = await execa(
        'fish',
        ['--no-config', '-c', `source ${script}; complete -C "${typed}"`],
        { ...plain, env, cwd: folder },
      );
      const words = stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '');
      expect([typed, words.sort()]).toEqual([typed, [...offered].sort()]);
    }
  });
});

/** One Tab finishes the only possibility. */
async function expectCompletion(shell: Terminal, name: string): Promise<void> {
  shell.press(`${name} smo\t`);
  await shell.see(new RegExp(`${name} smoke`));
  shell.press('\u0015');
  shell.press(`${name} send --dry\t`);
  await shell.see(/--dry-run/);
  shell.press('\u0015');
  shell.press(`${name} doctor --preset wordp\t`);
  await shell.see(/--preset wordpress/);
  shell.press('\u0015');
}
