import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = { root, testTimeout: 60_000, hookTimeout: 120_000, globalSetup: [] as string[] };

// Where real processes and servers share one machine, CI gives a test that lost the race for it a second chance.
const isCi = process.env['CI'] === 'true';
const busy = { ...shared, testTimeout: 120_000, retry: isCi ? 1 : 0 };

/** unit: no process, no port; db: every dialect within reach; cli: spawns bin/reset.js; browser: Chromium. */
export default defineConfig({
  test: {
    ...shared,
    maxWorkers: 2,
    // The report of a CI run is counted by .ci/run.
    reporters: isCi ? ['default', ['json', { outputFile: 'test-output/vitest.json' }]] : ['default'],
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
            'test/throttle/**',
            'test/browser/**',
            'test/interop/**',
            'test/**/*.race.test.ts',
          ],
        },
      },
      {
        test: {
          ...busy,
          name: 'db',
          include: ['test/flows/**/*.test.ts', 'test/db/**/*.test.ts', 'test/throttle/**/*.test.ts', 'test/**/*.race.test.ts'],
        },
      },
      { test: { ...busy, name: 'cli', include: ['test/cli/**/*.test.ts', 'test/package/**/*.test.ts'] } },
      { test: { ...busy, name: 'browser', include: ['test/browser/**/*.test.ts'] } },
    ],
  },
});
