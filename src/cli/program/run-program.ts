import { Command, CommanderError, Option } from 'commander';
import type { ConfigKey, KeyName } from '../../config/schema.ts';
import { KEYS } from '../../config/schema.ts';
import { EXIT } from '../terminal/exit.ts';
import { programName } from '../../values/program-name.ts';
import { createAsk } from '../terminal/ask.ts';
import type { Context } from '../command/context.ts';
import { addCommand, type Wrap } from './add-command.ts';
import { HELP_FLAGS, helpFormat } from '../manual/help-format.ts';
import { COMMANDS } from './command-tree.ts';
import type { Interruption } from '../terminal/interruption.ts';
import type { Output } from '../terminal/output.ts';
import { createOutput } from '../terminal/output.ts';
import { loadPaints } from '../terminal/paint.ts';

export interface Program {
  /** the way to print, as far as the flags are known */
  readonly output: () => Output;
  /** parses and runs; gives the exit code */
  readonly run: () => Promise<number>;
}

/** Global flags beside those of the configuration. */
interface GlobalFlags {
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly input?: boolean;
  readonly logFormat: 'text' | 'json';
}

const CONFIG_FLAGS = Object.entries<ConfigKey<unknown>>(KEYS).filter(([, spec]) => spec.flag !== undefined);

/** The commander tree around the commands; each command's file is imported when it runs. */
export async function runProgram(
  argv: readonly string[],
  version: string,
  interruption: Interruption,
): Promise<Program> {
  const paints = await loadPaints(argv);
  let exitCode: number = EXIT.done;
  const program = new Command(programName);
  const output = () => createOutput({ ...outputFlags(argv, program.opts()), paints });

  const action: Wrap =
    (load, defaults) =>
    async (...given: unknown[]): Promise<void> => {
      const command = given.pop() as Command;
      const options = given.pop() as Record<string, unknown>;
      const run = await load();
      exitCode = await run(
        contextOf(command, output(), interruption),
        given.flat().filter((arg) => arg !== undefined) as string[],
        { ...defaults, ...options },
      );
    };

  program
    .description("Password resets from the command line, for any application's users table.")
    .version(version, '-v, --version', 'print the version')
    .helpOption(HELP_FLAGS, 'show this page')
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => undefined })
    .configureHelp(helpFormat())
    .addHelpText('after', () => `\nTopics of the manual, and a list of them: ${program.name()} help`);
  addGlobalFlags(program);
  for (const [title, commands] of Object.entries(COMMANDS)) {
    for (const each of commands) addCommand(program, each, action).helpGroup(`${title}:`);
  }
  let refusing = program;
  for (const command of everyCommand(program)) {
    command.configureOutput({ writeErr: () => undefined }).exitOverride((error) => {
      refusing = command;
      throw error;
    });
  }

  return {
    output,
    run: async () => {
      try {
        await program.parseAsync([...argv], { from: 'user' });
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return await endOf(error, refusing, output());
        throw error;
      }
    },
  };
}

function addGlobalFlags(program: Command): void {
  program
    .optionsGroup('Output and questions:')
    .option('--json', 'one JSON object per line on standard output')
    .option('--quiet', 'results and errors only')
    .option('--verbose', 'print details and stack traces')
    .option('--no-color', 'no colours')
    .option('--no-input', 'never ask')
    .addOption(
      new Option('--log-format <format>', 'format of log lines').choices(['text', 'json']).default('text'),
    )
    .optionsGroup('Configuration:')
    .option('--config <file>', 'configuration file (default: the nearest reset.config.json)');
  for (const [, spec] of CONFIG_FLAGS) program.addOption(new Option(spec.flag ?? '', spec.help));
}

function* everyCommand(command: Command): Generator<Command> {
  for (const inner of command.commands) {
    yield inner;
    yield* everyCommand(inner);
  }
}

function contextOf(command: Command, output: Output, interruption: Interruption): Context {
  const globals = command.optsWithGlobals<GlobalFlags & Record<string, unknown>>();
  const flags = Object.fromEntries(
    CONFIG_FLAGS.map(([key, spec]) => [key, globals[attributeOf(spec.flag ?? '')]]).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Partial<Record<KeyName, unknown>>;
  return {
    output,
    ask: createAsk({ hasInput: globals.input !== false }),
    flags,
    file: globals.config,
    verbose: globals.verbose === true,
    quiet: globals.quiet === true,
    logFormat: globals.logFormat,
    get signal() {
      return interruption.signal;
    },
    onInterruption: (text) => {
      interruption.leaving = text;
    },
  };
}

const attributeOf = (flag: string): string => new Option(flag).attributeName();

/** Before parsing has ended (or when it failed) the flags are looked for by hand. */
function outputFlags(argv: readonly string[], flags: GlobalFlags) {
  const has = (name: string) => argv.includes(name);
  return {
    json: flags.json === true || has('--json'),
    quiet: flags.quiet === true || has('--quiet'),
    verbose: flags.verbose === true || has('--verbose'),
  };
}

/** Help and version end well; anything else is wrong usage. A flag's value is never echoed: it may be a secret (R78). */
async function endOf(error: CommanderError, refusing: Command, output: Output): Promise<number> {
  if (error.exitCode === 0) return EXIT.done;
  if (error.code === 'commander.help') {
    if (refusing.parent === null) await showOverview(refusing, output);
    else refusing.outputHelp();
    return EXIT.done;
  }
  const { explainUsage } = await import('../terminal/usage-error.ts');
  throw explainUsage(error, refusing);
}

async function showOverview(program: Command, output: Output): Promise<void> {
  const { overview } = await import('../manual/overview.ts');
  output.raw(overview(program, { width: process.stdout.columns || 80, bold: output.paint.bold }));
}
