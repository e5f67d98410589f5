import type { Command as Program } from 'commander';
import { topicNames } from '../../flows/manual/read-topic.ts';
import { wrapWords } from '../terminal/wrap-words.ts';

export interface OverviewOptions {
  /** columns of the terminal */
  readonly width: number;
  readonly bold: (text: string) => string;
}

const NAME_WIDTH = 12;
/** As wide as two columns need at 80. */
const COLUMN = 40;
/** The last lines name it anyway. */
const LEFT_OUT = 'help';

/**
 * `reset` alone: what it is, every command in its group, and where to continue, on one screen of 24 lines at 80
 * columns.
 */
export function overview(program: Program, { width, bold }: OverviewOptions): string {
  const name = program.name();
  const titles = [...new Set(program.commands.map((command) => command.helpGroup()))];
  const groups = titles.map((title) => groupLines(title, program));
  const half = Math.ceil(groups.length / 2);
  const [left, right] = [groups.slice(0, half), groups.slice(half)].map((side) => side.flat().slice(0, -1));
  const table = width < 2 * COLUMN ? groups.flat() : sideBySide(left ?? [], right ?? []);
  const start = `Start: ${name} init. Try it: ${name} demo. Every option: ${name} --help`;
  return [
    `${bold(name)}: password resets from the command line, for any application`,
    '',
    ...table.map((line) => emphasise(line, bold)),
    '',
    start,
    ...wrapWords(`More: ${name} help COMMAND or TOPIC: ${topicNames().join(', ')}`, Math.min(width, 80)),
  ].join('\n');
}

function groupLines(title: string, { commands }: Program): string[] {
  const shown = commands.filter((each) => each.helpGroup() === title && each.name() !== LEFT_OUT);
  const lines = shown.map((each) => `  ${each.name().padEnd(NAME_WIDTH)}${each.summary()}`);
  return [title.replace(/:$/, ''), ...lines, ''];
}

function sideBySide(left: readonly string[], right: readonly string[]): string[] {
  const count = Math.max(left.length, right.length);
  return Array.from({ length: count }, (_, row) =>
    `${(left[row] ?? '').padEnd(COLUMN)}${right[row] ?? ''}`.trimEnd(),
  );
}

/** Group titles start at the edge of a column; commands are indented. */
function emphasise(line: string, bold: (text: string) => string): string {
  const parts = line.length > COLUMN ? [line.slice(0, COLUMN), line.slice(COLUMN)] : [line];
  return parts.map((part) => (/^\S/.test(part) ? bold(part) : part)).join('');
}
