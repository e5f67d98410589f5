import { describe, expect, test } from 'vitest';
import { parse } from 'csv-parse/sync';
import { writeRows, type RowFormat } from '../../src/values/write-rows.ts';

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly count: number;
  readonly details: object;
}

const columns = ['id', 'name', 'count', 'details'] as const;

async function write(rows: readonly Row[], format: RowFormat): Promise<string> {
  const given = (async function* () {
    for (const row of rows) yield await Promise.resolve(row);
  })();
  let text = '';
  for await (const piece of writeRows(given, format, { columns, exact: ['id'] })) text += piece;
  return text;
}

/** Names as strangers choose them. */
const names = [
  'Susan',
  '',
  '=1+1',
  '+49 30 1234',
  '-Susan',
  '@sum(A1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
  'x\n99\tceo@example.com',
  'a,"b";c',
  '\u001b[2J',
  '\u009b31m',
  '\u202etxt.exe',
  "O'Neil",
];
const formats: RowFormat[] = ['csv', 'json', 'ndjson', 'text'];
const rowOf = (name: string): Row => ({ id: '-12', name, count: -3, details: { said: name } });

describe.each(names)('a row with the name %j', (name) => {
  test.each(formats)('is one line of %s that steers no terminal', async (format) => {
    const text = await write([rowOf(name)], format);
    expect(text).toMatch(/\n$/);
    expect(text.split('\n')).toHaveLength({ csv: 3, json: 4, ndjson: 2, text: 2 }[format]);
    const steering = /[^\P{Cc}\n\t]|[\u202e\u2066]/u;
    expect(text).not.toMatch(steering);
    if (format !== 'text') return;
    expect(text.split('\t')).toHaveLength(columns.length);
  });

  test('R83: is not a formula in a spreadsheet, and its id and number are exact', async () => {
    const [, cells = []] = parse(await write([rowOf(name)], 'csv')) as string[][];
    expect(cells).toHaveLength(columns.length);
    expect(cells[1]).not.toMatch(/^[=+\-@\t\r＝＋－＠]/u);
    expect(cells[0]).toBe('-12');
    expect(cells[2]).toBe('-3');
    expect(JSON.parse(cells[3] ?? '')).toEqual({ said: name });
  });

  test.each(['json', 'ndjson'] as const)('is the same value in %s', async (format) => {
    const value: unknown = JSON.parse(await write([rowOf(name)], format));
    expect(value).toEqual(format === 'json' ? [rowOf(name)] : rowOf(name));
  });
});

test.each([
  ['csv', 'id,name,count,details\n'],
  ['json', '[]\n'],
  ['ndjson', ''],
  ['text', ''],
] as const)('no rows as %s are a whole text, too', async (format, expected) => {
  expect(await write([], format)).toBe(expected);
});
