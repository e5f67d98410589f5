import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm test` and `npm run test:full`, which share no test. */
export type Tier = 'fast' | 'full';

/** On which databases the blocks of `eachDatabase` run: those of SQLite have run in the fast tier. */
export type Databases = 'sqlite' | 'servers' | 'all';

/** What a file imports that opens a port, starts a process, or opens a database. */
const OPENS =
  /helpers\/(?:batch-site|create-test-app|databases|free-port|http-server|mailbox|own-server|raw-http|run-reset|sink|start-\w+|tcp-proxy|terminal|tls-proxy|tutorial-site)\.ts|flow-app\.ts|db\/connect\.ts|'node:(?:child_process|http|https|net|tls)'|'execa'/;

/** The test files of each project, as paths from the root of the repository. */
export interface TestFiles {
  /** no port, no process, no database */
  readonly unit: readonly string[];
  /** everything in one process, over SQLite and loopback */
  readonly flows: readonly string[];
  /** `reset …` as it is called */
  readonly cli: readonly string[];
  /** those of the fast tier that ask every database the same */
  readonly servers: readonly string[];
  /** whatever needs more than Node */
  readonly full: readonly string[];
}

export function sortTestFiles(root: string): TestFiles {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith('interop'))
    .map((path) => ({ path: `test/${path}`, text: readFileSync(join(root, 'test', path), 'utf8') }));
  const pick = (isWanted: (file: { path: string; text: string }) => boolean) =>
    all.filter(isWanted).map(({ path }) => path);
  const isFull = (path: string) => path.endsWith('.full.test.ts');
  const isCli = (path: string) => /^test\/(?:cli|package)\//.test(path);
  return {
    unit: pick(({ path, text }) => !isFull(path) && !isCli(path) && !OPENS.test(text)),
    flows: pick(({ path, text }) => !isFull(path) && !isCli(path) && OPENS.test(text)),
    cli: pick(({ path }) => !isFull(path) && isCli(path)),
    servers: pick(({ path, text }) => !isFull(path) && /^eachDatabase\(/m.test(text)),
    full: pick(({ path }) => isFull(path)),
  };
}
