import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** What the security requirements ask for, row by row: from, to. */
const ROWS = [
  [1, 49],
  [55, 82],
  [84, 84],
  [86, 97],
] as const;
const rows = ROWS.flatMap(([from, to]) =>
  Array.from({ length: to - from + 1 }, (_, index) => `R${String(from + index).padStart(2, '0')}`),
);

const named = new Set(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .flatMap((path) => readFileSync(join(folder, path), 'utf8').match(/\bR\d{2}\b/g) ?? []),
);

it.each(rows)('%s is named by a test that proves it', (row) => {
  expect([...named]).toContain(row);
});
