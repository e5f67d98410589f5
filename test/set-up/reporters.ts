import { existsSync, readFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';

/** Names the ten files that took the longest, so that the fast tier stays fast. */
export const slowestFiles: Reporter = {
  onTestRunEnd(modules) {
    const files = modules.map((module) => ({
      path: module.relativeModuleId,
      ms: module.diagnostic().duration + module.diagnostic().collectDuration,
    }));
    files.sort((one, other) => other.ms - one.ms);
    console.log('\nThe ten slowest files:');
    for (const { path, ms } of files.slice(0, 10))
      console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${path}`);
  },
};

/** Names what was not tested because a server or program is missing, with the command that installs it. */
export const notTested = (file: string): Reporter => ({
  onTestRunEnd() {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    for (const line of new Set(lines.filter((each) => each !== '').sort())) console.log(line);
  },
});
