import { detailsOf, type ResetError } from '../../errors.ts';
import type { Paint, Paints } from './paint.ts';
import { escapeControls, printableJson, printableLines, type Text } from '../../values/printable.ts';

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly paints: Paints;
}

/** What stands before a line: a green tick, a red cross, a yellow exclamation mark. */
export type Mark = 'ok' | 'bad' | 'warn';

/**
 * The only way to print. stdout carries results; everything else goes to stderr. Names and replies come from databases
 * and servers: nothing in them may steer the terminal or begin a line (R82), so several lines are given as a list.
 */
export interface Output {
  readonly isJson: boolean;
  /** for what `raw` prints */
  readonly paint: Paint;
  /** One result: an object a line with `--json`, else the text after a mark (escaped: it may hold what others wrote). */
  result(row: object, text: Text, mark?: Mark): void;
  /** A result whose text is printed byte for byte: a URL, a key, a page of help. */
  raw(text: string): void;
  /** Messages on stderr, silenced by `--quiet`. */
  info(text: Text): void;
  warn(text: Text): void;
  error(error: ResetError): void;
  /** A bug in reset; with the stack under `--verbose`. */
  fault(error: unknown): void;
}

export function createOutput({ json, quiet, verbose, paints }: OutputOptions): Output {
  const paint = paints.err;
  const marks = marksOf(paints.out);
  const out = (line: string) => process.stdout.write(`${line}\n`);
  const err = (line: string) => process.stderr.write(`${line}\n`);
  return {
    isJson: json,
    paint: paints.out,
    result: (row, text, mark) => {
      out(
        json ? printableJson(row) : `${mark === undefined ? '' : `${marks[mark]} `}${printableLines(text)}`,
      );
    },
    raw: (text) => {
      out(text);
    },
    info: (text) => {
      if (!quiet && !json) err(printableLines(text));
    },
    warn: (text) => {
      if (!json) err(`${paint.yellow('!')} ${printableLines(text)}`);
    },
    error: (error) => {
      const { code, message, details, stack } = error;
      if (json) {
        err(printableJson({ error: { code, message, details } }));
        return;
      }
      err(`${paint.red('✗')} ${escapeControls(message, '\n')} ${paint.dim(`(${code})`)}`);
      if (!verbose) return;
      const { isUnconfigured, problems = [] } = detailsOf(error, 'config_invalid');
      if (isUnconfigured)
        for (const { key, message: why } of problems) err(printableLines(`  ${key} ${why}`));
      err(paint.dim(escapeControls(stack ?? '', '\n')));
    },
    fault: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      const text = `Unexpected error: ${message}`;
      if (json) err(printableJson({ error: { code: 'fault', message: text, details: {} } }));
      else
        err(`${paint.red('✗')} ${printableLines(text)}. This is a bug in reset; add --verbose to see where.`);
      if (verbose && error instanceof Error) err(escapeControls(error.stack ?? '', '\n'));
    },
  };
}

const marksOf = (paint: Paint): Readonly<Record<Mark, string>> => ({
  ok: paint.green('✓'),
  bad: paint.red('✗'),
  warn: paint.yellow('!'),
});
