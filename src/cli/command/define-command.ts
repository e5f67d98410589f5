import type { Command as Program } from 'commander';
import type { KeyName } from '../../config/schema.ts';
import type { Command } from './context.ts';

/**
 * How to add a command, or an option to one:
 * 1. An option is one line of the `…Options` table in `cli/ROOM/declare.ts`: the key is what a person types and what
 *    help prints (`'--older-than <time>'`), the value is its sentence, or an object with `help` and `choices`,
 *    `default` or `isRepeatable`.
 * 2. The code that reads it takes `OptionsOf<typeof cleanupOptions>`: `--older-than <time>` is `olderThan?: string`,
 *    `--yes` is `yes?: boolean`, choices are a union, and a default or a repeatable option is always there.
 * 3. A command is one `defineCommand('name', 'summary', { … })` beside the table; `load` imports its file only when it runs.
 * 4. Put it into its group in `cli/program/command-tree.ts`. A command with commands of its own has `commands` and no `load`.
 * 5. Write two examples at least (a test runs them), then: npx vitest run test/cli/manual/help.test.ts -u
 */
export function defineCommand<const O extends Options | undefined = undefined>(
  name: string,
  summary: string,
  command: Runnable<O, O extends Options ? OptionsOf<O> : Record<string, never>> | Parent,
): Declaration {
  return { name, summary, ...command } as Declaration; // the type of the options is checked here, where it is known
}

interface Common {
  /** one sentence on the command's own page */
  readonly description: string;
  /** as they are typed, beginning with `reset` */
  readonly examples: readonly string[];
}

interface Runnable<O, Values> extends Common {
  /** `['[email]', 'address of the user']`, with its choices if there are any */
  readonly argument?: ArgumentSpec;
  readonly options?: O;
  /** settings that matter to this command: their global options are shown on its page */
  readonly settings?: readonly KeyName[];
  /** `program` is for commands that need to know every command */
  readonly load: (program: Program) => Promise<Command<Values>>;
}

/** A command that only holds others, such as `batch`. */
interface Parent extends Common {
  readonly commands: readonly Declaration[];
  /** the one of them that runs when none is named: `bounces FILE` */
  readonly otherwise?: string;
}

/** What is known about a command before it runs. */
export type Declaration = {
  readonly name: string;
  /** three to five words, for the overview */
  readonly summary: string;
} & (Runnable<Options, Record<string, unknown>> | Parent);

export type ArgumentSpec = readonly [name: string, help: string, choices?: readonly string[]];

/** The sentence of one option, or more about it. */
export type OptionSpec =
  | string
  | {
      readonly help: string;
      readonly choices?: readonly string[];
      readonly default?: string;
      readonly isRepeatable?: true;
    };

export type Options = Readonly<Record<`--${string}`, OptionSpec>>;

type Camel<Name extends string> = Name extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<Camel<Rest>>}`
  : Name;

/** `--skip-if-changed-since <time>` → `skipIfChangedSince`; `--no-people` → `people`, which is true without it */
type NameOf<Flags> = Flags extends `--no-${infer Name}`
  ? Camel<Name>
  : Flags extends `--${infer Name} ${string}`
    ? Camel<Name>
    : Flags extends `--${infer Name}`
      ? Camel<Name>
      : never;

type ValueOf<Flags, Spec> = Flags extends `${string} <${string}`
  ? Spec extends { readonly isRepeatable: true }
    ? readonly string[]
    : Spec extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : string
  : boolean;

type Always = { readonly default: string } | { readonly isRepeatable: true };

/** What the code of a command gets for its table of options. */
export type OptionsOf<O> = {
  readonly [Flags in keyof O as O[Flags] extends Always ? NameOf<Flags> : never]: ValueOf<Flags, O[Flags]>;
} & {
  readonly [Flags in keyof O as O[Flags] extends Always ? never : NameOf<Flags>]?: ValueOf<Flags, O[Flags]>;
};

/** The ways to name a user beside the e-mail address. */
export const IDENTIFIED = {
  '--id <id>': 'name the user by id',
  '--username <name>': 'name the user by user name',
} as const satisfies Options;

/** For every command whose reason is recorded. */
export const TICKET = {
  '--ticket <text>': 'support ticket, for the audit log and the mail',
} as const satisfies Options;
