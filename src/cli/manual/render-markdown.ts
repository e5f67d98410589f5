import type { Paint } from '../terminal/paint.ts';
import { wrapWords } from '../terminal/wrap-words.ts';
import { renderTable } from './render-table.ts';

export interface RenderOptions {
  readonly width: number;
  readonly paint: Paint;
}

/**
 * The Markdown that our topics are written in (headings, paragraphs, lists, tables, code) for a terminal. Words are
 * wrapped before they are painted, so that escape sequences do not count.
 */
export function renderMarkdown(markdown: string, options: RenderOptions): string {
  const blocks = splitBlocks(markdown).map((block) => renderBlock(block, options));
  return blocks.join('\n\n');
}

/** Code stands between fences, everything else between empty lines. */
function splitBlocks(markdown: string): string[] {
  const blocks: string[] = [];
  for (const [index, part] of markdown.split(/^```.*$/m).entries()) {
    if (index % 2 === 1) blocks.push(`\`\`\`${part.replace(/^\n|\n$/g, '')}`);
    else blocks.push(...part.split(/\n\s*\n/).filter((block) => block.trim() !== ''));
  }
  return blocks.map((block) => block.replace(/^\n+|\n+$/g, ''));
}

function renderBlock(block: string, { width, paint }: RenderOptions): string {
  if (block.startsWith('```')) {
    const lines = block.slice(3).split('\n');
    return lines.map((line) => `    ${line}`).join('\n');
  }
  const heading = /^#+ (.*)$/.exec(block);
  if (heading) return paint.bold(plain(heading[1] ?? ''));
  const lines = block.split('\n');
  if (lines.every((line) => line.startsWith('|'))) return renderTable(rowsOf(lines), { width, paint });
  const items = lines.some((line) => LIST.test(line)) ? joinItems(lines) : [lines.join(' ')];
  return items.map((item) => renderParagraph(item, width, paint)).join('\n');
}

const LIST = /^(\s*)(?:[-*]|(\d+)\.) /;

/** A list's items, each on a line of its own. */
function joinItems(lines: readonly string[]): string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (items.length === 0 || LIST.test(line)) items.push(line);
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items;
}

function renderParagraph(text: string, width: number, paint: Paint): string {
  const item = LIST.exec(text);
  if (!item) return inline(wrapWords(tied(text), width).join('\n'), paint);
  const mark = `${item[1] ?? ''}  ${item[2] === undefined ? '•' : `${item[2]}.`} `;
  const lines = wrapWords(tied(`${mark}${text.slice(item[0].length)}`), width, ' '.repeat(mark.length));
  return inline(lines.join('\n'), paint);
}

function rowsOf(lines: readonly string[]): string[][] {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => plain(cell.trim().replaceAll('\\|', '|'))),
  );
  return rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
}

/** Marks are removed before wrapping, because a line's end could leave them open; code keeps its backticks. */
const tied = (text: string): string => text.replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)');

/** Without any mark. */
const plain = (text: string): string =>
  tied(text)
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll('`', '');

/** Bold and code, also over the end of a line. */
const inline = (text: string, paint: Paint): string =>
  text
    .replace(/\*\*([^*]+)\*\*/g, (_whole, words: string) => paintLines(words, paint.bold))
    .replace(/`([^`]+)`/g, (_whole, code: string) => paintLines(code, paint.yellow));

const paintLines = (text: string, colour: (line: string) => string): string =>
  text.split('\n').map(colour).join('\n');
