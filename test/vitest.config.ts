import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = { root, testTimeout: 60_000, hookTimeout: 120_000, globalSetup: [] as string[] };

/** unit: no process, no port; db: every dialect within reach; cli: spawns bin/reset.js; browser: Chromium. */
export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 2,
    // The report of a CI run is counted by .ci/run.
    reporters:
      process.env['CI'] === 'true'
        ? ['default', ['json', { outputFile: 'test-output/vitest.json' }]]
        : ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/cli/**',
            'test/package/**',
            'test/flows/**',
            'test/db/**',
            'test/browser/**',
            'test/interop/**',
            'test/**/*.race.test.ts',
          ],
        },
      },
      {
        test: {
          ...shared,
          name: 'db',
          include: ['test/flows/**/*.test.ts', 'test/db/**/*.test.ts', 'test/**/*.race.test.ts'],
        },
      },
      { test: { ...shared, name: 'cli', include: ['test/cli/**/*.test.ts', 'test/package/**/*.test.ts'] } },
      { test: { ...shared, name: 'browser', include: ['test/browser/**/*.test.ts'] } },
    ],
  },
});
