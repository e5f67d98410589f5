import { Argument, Option, type Command as Program } from 'commander';
import type { Command } from '../command/context.ts';
import { examplesText, HELP_FLAGS, helpFormat, rootOf } from '../manual/help-format.ts';
import type { ArgumentSpec, Declaration, OptionSpec, Options } from '../command/define-command.ts';

/** Makes commander's action of a command that is loaded when it runs. */
export type Wrap = (
  load: () => Promise<Command<Record<string, unknown>>>,
  defaults: Readonly<Record<string, unknown>>,
) => (...given: unknown[]) => Promise<void>;

/** Adds a declared command to `parent`, with the commands below it. */
export function addCommand(
  parent: Program,
  declaration: Declaration,
  wrap: Wrap,
  isDefault = false,
): Program {
  const { name, summary, description, examples } = declaration;
  const command = parent
    .command(name, { isDefault })
    .summary(summary)
    .description(description)
    .helpOption(HELP_FLAGS, 'show this page')
    .configureHelp(helpFormat('settings' in declaration ? declaration.settings : []));
  if ('commands' in declaration) {
    // Beside a command that runs without its name, `help` would be a file.
    if (declaration.otherwise !== undefined) command.helpCommand(false);
    for (const inner of declaration.commands)
      addCommand(command, inner, wrap, inner.name === declaration.otherwise);
  } else {
    const { argument, options = {}, load } = declaration;
    if (argument) command.addArgument(argumentOf(argument));
    for (const [flags, spec] of Object.entries(options)) command.addOption(optionOf(flags, spec));
    command.action(wrap(() => load(rootOf(command)), emptyLists(options)));
  }
  return command.addHelpText('after', () => examplesText(rootOf(command).name(), examples));
}

function argumentOf([name, help, choices]: ArgumentSpec): Argument {
  const argument = new Argument(name, help);
  return choices ? argument.choices(choices) : argument;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function optionOf(flags: string, spec: OptionSpec): Option {
  if (typeof spec === 'string') return new Option(flags, spec);
  const option = new Option(flags, spec.help);
  if (spec.choices) option.choices(spec.choices);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.isRepeatable) option.argParser(collect);
  return option;
}

/** The value of a repeatable option that was not given; as commander's default it would show in the help. */
function emptyLists(options: Options): Record<string, unknown> {
  const names = Object.entries(options)
    .filter(([, spec]) => typeof spec === 'object' && spec.isRepeatable === true)
    .map(([flags]) => new Option(flags).attributeName());
  return Object.fromEntries(names.map((name) => [name, []]));
}
