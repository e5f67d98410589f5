import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Real applications, which `npm test` leaves out because they must be installed first: see install.sh. */
export default defineConfig({
  test: {
    name: 'interop',
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/interop/**/*.test.ts'],
    globalSetup: [
      'test/set-up/compile-if-stale.ts',
      'test/interop/setup.ts',
      'test/interop/install-applications.ts',
    ],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    // The report of a CI run is counted by .ci/run.
    reporters:
      process.env['CI'] === 'true'
        ? ['default', ['json', { outputFile: 'test-output/vitest-interop.json' }]]
        : ['default'],
  },
});
