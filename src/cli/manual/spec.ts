import { programName } from '../../values/program-name.ts';
import type { Argument, Command, Option } from 'commander';

/**
 * What can be completed in a place: fixed words, a file name, a batch id, or nothing, because only the person knows
 * it.
 */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'batches' | 'free' };

export interface Word {
  readonly word: string;
  readonly help: string;
}

export interface OptionSpec extends Word {
  /** undefined: a switch */
  readonly values: Values | undefined;
}

/** One command with everything that may follow it. */
export interface CommandSpec {
  /** `''` for the program itself, else `send`, `batch list` … */
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionSpec[];
  readonly argument: Values | undefined;
}

/** Words that commander does not know: by the name of an option's or argument's value. */
export interface KnownWords {
  readonly presets: readonly string[];
  readonly topics: readonly string[];
}

/** The whole tree, the program itself first; its options may stand anywhere. */
export function describeProgram(program: Command, known: KnownWords): CommandSpec[] {
  const walk = (command: Command, path: string): CommandSpec[] => [
    describe(command, path, known),
    ...command.commands.flatMap((inner) => walk(inner, `${path} ${inner.name()}`.trim())),
  ];
  return walk(program, '');
}

function describe(command: Command, path: string, known: KnownWords): CommandSpec {
  const [argument] = command.registeredArguments;
  return {
    path,
    commands: command.commands.map((inner) => ({ word: inner.name(), help: inner.description() })),
    options: [
      ...command.options.map((option) => ({
        word: option.long ?? option.flags,
        help: option.description,
        values: option.required || option.optional ? valuesOf(option, known) : undefined,
      })),
      { word: '--help', help: 'this page', values: undefined },
    ],
    argument: argument && argumentsOf(argument, path, known),
  };
}

function valuesOf({ flags, argChoices }: Option, { presets }: KnownWords): Values {
  if (argChoices !== undefined) return { kind: 'words', words: argChoices };
  if (flags.includes('<preset>') || flags.startsWith('--preset ')) return { kind: 'words', words: presets };
  return { kind: /<(file|path|dir|folder)>/.test(flags) ? 'files' : 'free' };
}

function argumentsOf(argument: Argument, path: string, { presets, topics }: KnownWords): Values {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices };
  if (path === 'presets') return { kind: 'words', words: presets };
  if (path === 'help') return { kind: 'words', words: topics };
  if (path.startsWith('batch ')) return { kind: 'batches' };
  return { kind: 'free' };
}

/** How a `case` of bash and zsh names a command: by the words before the cursor, each behind a space. */
export const patternOf = ({ path }: CommandSpec): string => (path === '' ? "''" : `' ${path}'`);

/** The patterns of all commands but the program itself. */
export const commandPatterns = (commands: readonly CommandSpec[]): string[] =>
  commands.filter(({ path }) => path !== '').map(patternOf);

/** The lines of a `case` over command and word before: what follows an option that has a value. */
export const valueCases = (commands: readonly CommandSpec[], reply: (values: Values) => string): string[] =>
  commands.flatMap((command) => {
    const pattern = command.path === '' ? '*' : patternOf(command);
    return command.options.flatMap(({ word, values }) =>
      values ? [`    ${pattern}/${word}) ${reply(values)}; return ;;`] : [],
    );
  });

/** `reset` of `npx reset` */
export const lastWord = (name: string): string => name.slice(name.lastIndexOf(' ') + 1);

/** The names under which the program is installed, plus the name it was called by, if that differs. */
export const COMMANDS: readonly string[] = [...new Set(['reset', 'resetctl', lastWord(programName)])];

/** Prints the ids of the newest batches, by the command that is being completed; nothing where nothing is configured. */
export const listBatches = (command: string): string =>
  `${command} batch list --json 2>/dev/null | sed -n 's/^{"batch":"\\([^"]*\\)".*/\\1/p'`;
