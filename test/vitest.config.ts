import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { findServers } from './set-up/find-servers.ts';
import { notTested, slowestFiles } from './set-up/reporters.ts';
import { provenRows } from './set-up/proven-rows.ts';
import { sortTestFiles, type Databases, type Tier } from './set-up/tiers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCi = process.env['CI'] === 'true';
const files = sortTestFiles(root);

const project = (name: string, include: readonly string[], databases: Databases, more = {}) => ({
  test: {
    root,
    name,
    include: [...include],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A busy machine is waited for; a bound on time is no subject of a test.
    expect: { poll: { timeout: 30_000 } },
    provide: { databases },
    globalSetup: name === 'unit' ? [] : ['test/set-up/compile-if-stale.ts', 'test/set-up/create-template.ts'],
    isolate: false,
    // The built program runs as Node loads it.
    server: { deps: { external: [/\/dist\//] } },
    ...more,
  },
});

/** Nobody needs the stack of a mistake in the setup. */
function endInOneLine(error: Error): never {
  console.error(error.message);
  process.exit(1);
}

/** `vitest run` is the fast tier: Node alone. `vitest run --mode full` is everything else. */
export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => {
  const tier: Tier = mode === 'full' ? 'full' : 'fast';
  // The report of a CI run is counted by .ci/run.
  const report = isCi
    ? [
        ['json', { outputFile: `test-output/vitest-${tier}.json` }] as ['json', { outputFile: string }],
        slowestFiles,
      ]
    : [];
  const reporters = (...more: Reporter[]) => ['default' as const, ...report, ...more];
  // More than the two cores of a small machine: a test often waits for a timer, a process or a server.
  const shared = { root, maxWorkers: tier === 'fast' ? 6 : 3 };
  if (tier === 'fast') {
    return {
      test: {
        ...shared,
        reporters: reporters(provenRows(tier, files.unit.length + files.flows.length + files.cli.length)),
        projects: [
          project('unit', files.unit, 'sqlite', { setupFiles: ['test/set-up/forbid-opening.ts'] }),
          // Both open the same: as one, their workers load the source once.
          project('flows', [...files.flows, ...files.cli], 'sqlite'),
        ],
      },
    };
  }
  const { servers, missing } = await findServers().catch(endInOneLine);
  const missingFile = join(mkdtempSync(join(tmpdir(), 'reset-full-')), 'missing');
  writeFileSync(missingFile, missing.map((line) => `${line}\n`).join(''));
  const found = { servers, missingFile };
  return {
    test: {
      ...shared,
      reporters: reporters(
        notTested(missingFile),
        provenRows(tier, files.servers.length + files.pairs.length + files.full.length),
      ),
      projects: [
        // Only the blocks of the servers run, which are marked with `only`: the rest ran in the fast tier.
        project('servers', files.servers, 'servers', {
          allowOnly: true,
          isolate: true,
          provide: { databases: 'servers', ...found },
        }),
        project('pairs', files.pairs, 'pairs', {
          allowOnly: true,
          isolate: true,
          provide: { databases: 'pairs', ...found },
        }),
        project('full', files.full, 'all', { isolate: true, provide: { databases: 'all', ...found } }),
      ],
    },
  };
});
