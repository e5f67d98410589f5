import { Command } from 'commander';
import { addCommands } from '../../src/cli/command-tree.ts';

/** Every command with a page of help, as it is typed: `reset send`, `reset user add` … */
export function everyCommand(): readonly { path: string; args: string[] }[] {
  const program = new Command('reset');
  addCommands(program, () => () => Promise.resolve());
  return walk(program, []);
}

function walk(command: Command, parents: readonly string[]): { path: string; args: string[] }[] {
  return command.commands.flatMap((inner) => {
    const args = [...parents, inner.name()];
    return [{ path: ['reset', ...args].join(' '), args }, ...walk(inner, args)];
  });
}
