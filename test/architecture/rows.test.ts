import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readRows } from '../set-up/proven-rows.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rows = [...readRows('fast'), ...readRows('full')].sort();
const files = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|js|md)$/.test(path) && !path.includes('fixtures'))
    .map((path) => join(folder, path)),
);

// That a test proves each row is seen at the end of a run, by its reporter: test/set-up/proven-rows.ts.
it('src/REQUIREMENTS.md has the rows R01 to R99, each once and with the tier of its proof', () => {
  expect(rows).toEqual(Array.from({ length: 99 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`));
});

it('every reference in source and tests leads to a row', () => {
  const known = new Set(rows);
  const lost = files.flatMap((path) =>
    (readFileSync(join(root, path), 'utf8').match(/(?<=[('"` ,–])R\d\d\b/g) ?? [])
      .filter((row) => !known.has(row))
      .map((row) => `${path}: ${row}`),
  );
  expect(lost).toEqual([]);
});
