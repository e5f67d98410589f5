import { COMMANDS } from '../../src/cli/program/command-tree.ts';
import type { Declaration } from '../../src/cli/command/define-command.ts';

/** Every command with a page of help, as it is typed: `reset send`, `reset user add` … */
export const everyCommand = (): readonly { path: string; args: string[] }[] =>
  walk(Object.values(COMMANDS).flat(), []);

function walk(
  declared: readonly Declaration[],
  parents: readonly string[],
): { path: string; args: string[] }[] {
  return declared.flatMap((each) => {
    const args = [...parents, each.name];
    return [
      { path: ['reset', ...args].join(' '), args },
      ...walk('commands' in each ? each.commands : [], args),
    ];
  });
}
