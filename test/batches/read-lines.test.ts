import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLines, type Line } from '../../src/batches/read-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<Line[]> {
  const path = join(folder, 'people');
  await writeFile(path, text);
  const lines: Line[] = [];
  for await (const line of readLines(path)) lines.push(line);
  return lines;
}

it('reads one address a line, with BOM, CRLF, blanks and empty lines', async () => {
  const lines = await read('\uFEFFa@example.com\r\n\r\n  b@example.com \r\nc@example.com');
  expect(lines.map(({ email }) => email)).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
});

it('reads the id before the address where a header names both', async () => {
  const lines = await read(
    'Name,ID,E-Mail,EMAIL\n"Doe, Jane",7,x,"jane@example.com"\nJoe,,y,joe@example.com\n',
  );
  expect(lines).toEqual([
    { id: '7', email: 'jane@example.com', place: 'line 2' },
    { id: undefined, email: 'joe@example.com', place: 'line 3' },
  ]);
});

it('reads what spreadsheets separate by semicolons', async () => {
  expect(await read('id;email\n1;a@example.com\n')).toMatchObject([{ id: '1', email: 'a@example.com' }]);
});

it('refuses several columns without a header, and a file that is not there', async () => {
  await expect(read('Jane,jane@example.com\n')).rejects.toMatchObject({ code: 'usage_invalid' });
  const missing = readLines(join(folder, 'nothing'));
  await expect(missing.next()).rejects.toMatchObject({ code: 'usage_invalid' });
});

it('refuses a line of a length that no address has instead of filling the memory', async () => {
  await expect(read(`${'x'.repeat(300_000)}\n`)).rejects.toMatchObject({ code: 'usage_invalid' });
});

it('reads a large file as a stream', { timeout: 60_000 }, async () => {
  const path = join(folder, 'large.csv');
  const out = createWriteStream(path);
  out.write('email,note\n');
  for (let index = 0; index < 100_000; index += 1) {
    if (!out.write(`user${index}@example.com,${'n'.repeat(100)}\n`))
      await new Promise<void>((done) => out.once('drain', () => done()));
  }
  await new Promise<void>((done) => out.end(() => done()));
  const before = process.memoryUsage().rss;
  let count = 0;
  let most = before;
  for await (const { email } of readLines(path)) {
    if (email?.endsWith('@example.com')) count += 1;
    if (count % 20_000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  expect(count).toBe(100_000);
  expect((most - before) / 1e6).toBeLessThan(150);
});
