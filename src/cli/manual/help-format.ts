import type { Command as Program, HelpConfiguration, Option } from 'commander';
import { asCalled } from '../../values/program-name.ts';
import { KEYS, type ConfigKey, type KeyName } from '../../config/schema.ts';

/** Help and its tables need a terminal of at least this width. */
const WIDTH = 80;
export const HELP_FLAGS = '-h, --help';
const GLOBAL_TITLE = 'Global Options:';

/** How pages of help look, for the program and every command below it. */
export const helpFormat = (settings: readonly KeyName[] = []): HelpConfiguration => {
  const flags = settings.map((key) => (KEYS[key] as ConfigKey<unknown>).flag);
  return {
    sortSubcommands: false,
    showGlobalOptions: settings.length > 0,
    visibleGlobalOptions: (command: Program): Option[] =>
      rootOf(command).options.filter((option) => flags.includes(option.flags)),
    styleTitle: (title: string) => (title === GLOBAL_TITLE ? 'Global options that matter here:' : title),
    subcommandTerm: (command: Program) => command.name(),
    subcommandDescription: (command: Program) => command.summary(),
  };
};

/** The program that a command belongs to. */
export const rootOf = (command: Program): Program =>
  command.parent === null ? command : rootOf(command.parent);

/** What follows the options: where the others are, and example command lines. */
export function examplesText(name: string, examples: readonly string[]): string {
  const lines = examples.flatMap((line) => breakLine(`  $ ${asCalled(line)}`));
  return [
    '',
    `All global options, such as --json and --config: ${name} --help`,
    '',
    'Examples:',
    ...lines,
  ].join('\n');
}

/** A command line that is too long is broken with a backslash, before an option. */
function breakLine(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const at = Math.max(rest.lastIndexOf(' --', WIDTH - 2), rest.lastIndexOf(' | ', WIDTH - 2));
    if (at < WIDTH / 4) break;
    lines.push(`${rest.slice(0, at)} \\`);
    rest = `      ${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}
