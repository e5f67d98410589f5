import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** What is about SQL itself, as in `.dependency-cruiser.js`. */
const ABOUT_SQL = /^flows\/(checks|native|setup)\//;

// Imports are the business of dependency-cruiser; handles come with the app.
it('flows and doors have no handle to the tables of the users, unless they are about SQL', () => {
  const paths = ['flows', 'http', 'cli'].flatMap((folder) =>
    readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const asking = paths
    .filter((path) => path.endsWith('.ts') && !ABOUT_SQL.test(path))
    .filter((path) => /\busersDb\b|\.mapping\(\)/.test(readFileSync(join(src, path), 'utf8')));
  expect(paths.length).toBeGreaterThan(200);
  expect(asking).toEqual([]);
});
