import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLines } from '../../src/batches/read-lines.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-lines-'));
});
afterEach(() => removeFolder(folder));

it('reads a large file as a stream', async () => {
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
  for await (const { email } of readLines({ path, name: path })) {
    if (email?.endsWith('@example.com')) count += 1;
    if (count % 20_000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  expect(count).toBe(100_000);
  expect((most - before) / 1e6).toBeLessThan(150);
});
