import type { Command } from 'commander';
import { asCalled } from '../values/program-name.ts';
import type { Command as Action } from './context.ts';

/** Wraps a lazily imported command as commander wants it. */
export type Wrap = <Options>(load: () => Promise<Action<Options>>) => (...given: unknown[]) => Promise<void>;

const IDENTIFIED = [
  ['--id <id>', 'name the user by id'],
  ['--username <name>', 'name the user by user name'],
] as const;

/** The option that every command with a reason takes. */
export const TICKET = ['--ticket <text>', 'the support ticket: into the audit, and into the mail'] as const;

/** Lets a command name its user in the ways beside the e-mail address. */
export function identified(command: Command): Command {
  for (const [flag, help] of IDENTIFIED) command.option(flag, help);
  return command;
}

/** Two command lines at the end of a command's help; a test runs every one that needs no placeholder. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  $ ${asCalled(line)}`).join('\n')}`,
  );
}
