import { readFileSync } from 'node:fs';
import type { Reporter, Vitest } from 'vitest/node';
import type { Tier } from './tiers.ts';

/** The rows of src/REQUIREMENTS.md that a tier proves. */
export function readRows(tier: Tier): string[] {
  const text = readFileSync(new URL('../../src/REQUIREMENTS.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^\| (R\d\d) \|.*\| (fast|full) \|$/gm)]
    .filter(([, , proof]) => proof === tier)
    .map(([, row = '']) => row);
}

/** Fails a whole run of this tier (this many files) if one of its rows has no test that ran and passed. */
export function provenRows(tier: Tier, files: number): Reporter {
  let vitest: Vitest | undefined;
  return {
    onInit(running) {
      vitest = running;
    },
    onTestRunEnd(modules) {
      if (modules.length < files || vitest?.config.testNamePattern !== undefined) return;
      const passed = modules.flatMap((module) => [...module.children.allTests('passed')]);
      const proven = new Set(passed.flatMap(({ fullName }) => fullName.match(/\bR\d\d\b/g) ?? []));
      const missing = readRows(tier).filter((row) => !proven.has(row));
      if (missing.length === 0) return;
      console.error(`No test that passed proves ${missing.join(', ')} (src/REQUIREMENTS.md).`);
      // Elsewhere the full tier leaves out what it does not find, and names that.
      if (tier === 'fast' || process.env['CI'] === 'true') process.exitCode = 1;
    },
  };
}
