import type { KeyName } from '../../config/schema.ts';
import type { Ask } from '../terminal/ask.ts';
import type { Output } from '../terminal/output.ts';

/** What every command gets: parsed global flags, the way to print, the way to ask. */
export interface Context {
  readonly output: Output;
  readonly ask: Ask;
  /** configuration flags by key */
  readonly flags: Readonly<Partial<Record<KeyName, unknown>>>;
  /** `--config FILE` */
  readonly file: string | undefined;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly logFormat: 'text' | 'json';
  /**
   * Aborted by the first Ctrl-C or SIGTERM. A command that reads it promises to end by itself; any other is ended at
   * once.
   */
  readonly signal: AbortSignal;
  /** What to say when Ctrl-C ends the command at once; undefined: nothing. */
  readonly onInterruption: (text: string | undefined) => void;
}

/** Ends with an exit code, or throws. */
export type Command<Options = Record<string, never>> = (
  context: Context,
  args: readonly string[],
  options: Options,
) => Promise<number>;
