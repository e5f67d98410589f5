import { KEYS, type ConfigKey } from '../../config/schema.ts';
import { ERRORS } from '../../errors.ts';
import { FINDINGS } from '../checks/finding-codes.ts';
import { presets } from '../../users/presets/index.ts';
import type { Preset } from '../../users/preset/preset.ts';

type Row = readonly string[];

/** Tables of the manual that are made from the tables in code, so that they cannot drift apart. */
const TABLES: Readonly<Record<string, () => readonly Row[]>> = {
  keys: () => [
    ['key', 'flag', 'environment', 'what it is'],
    ...Object.entries<ConfigKey<unknown>>(KEYS).map(([name, { flag, env, help, fallback, aliasOf }]) => [
      aliasOf === undefined ? code(name) : '',
      flag === undefined ? '' : code(flag.split(' ')[0] ?? ''),
      (env ?? []).map(code).join(', '),
      withDefault(help, fallback),
    ]),
  ],
  presets: () => [
    ['application', 'preset', 'how it was proven'],
    ...(presets as readonly Preset[]).map(({ title, name, evidence }) => [title, code(name), evidence]),
  ],
  findings: () => [
    ['check', 'code', 'what it says'],
    ...Object.entries(FINDINGS).map(([name, [check, meaning]]) => [check, code(name), meaning]),
  ],
  'exit-codes': () => [
    ['exit code', 'error codes'],
    ...[...new Set(Object.values(ERRORS).map(({ exit }) => exit))]
      .sort((a, b) => a - b)
      .map((exit) => [
        String(exit),
        Object.entries(ERRORS)
          .filter(([, spec]) => spec.exit === exit)
          .map(([name]) => code(name))
          .join(', '),
      ]),
  ],
};

/** Puts the tables in code where a topic says `<!-- table: NAME -->`. */
export const fillTables = (markdown: string): string =>
  markdown.replace(/^<!-- table: ([a-z-]+) -->$/gm, (mark, name: string) => {
    const rows = TABLES[name]?.();
    return rows === undefined ? mark : toMarkdown(rows);
  });

function toMarkdown([head = [], ...rows]: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

const withDefault = (help: string, fallback: unknown): string =>
  typeof fallback === 'object' || fallback === undefined || help.includes('default')
    ? help
    : `${help} (default: ${JSON.stringify(fallback)})`;
