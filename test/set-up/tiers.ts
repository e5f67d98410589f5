import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm test` and `npm run test:full`, which share no test. */
export type Tier = 'fast' | 'full';

/**
 * On which databases the blocks of `eachDatabase` run: those of SQLite have run in the fast tier. `pairs`: the users in one
 * database and our own tables in another.
 */
export type Databases = 'sqlite' | 'servers' | 'all' | 'pairs';

/**
 * What opens a port, starts a process, or opens a database: whoever imports it, directly or through a helper. The
 * transport of `sendmail:` starts a program.
 */
const OPENERS =
  /^(?:node:(?:child_process|http|https|net|tls|worker_threads)|execa|smtp-server|.*\/src\/(?:app|db\/connect|mail\/transport)\.ts)$/;

/** Flows that write in both databases. */
const PAIRED = /^test\/flows\/(?:access|batch|delivery|history|links|native|smoke|visitors)\/(?!.*\.full\.)/;

/** What a file imports, except for type-only imports. */
const IMPORTS = /^(?:import|export) (?!type )[^'";]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'/gm;

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
  /** the flows among them, again with our own tables apart */
  readonly pairs: readonly string[];
  /** whatever needs more than Node */
  readonly full: readonly string[];
}

export function sortTestFiles(root: string): TestFiles {
  const known = new Map<string, boolean>();
  const opens = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    known.set(path, false); // two files that import each other
    const imports = [...readFileSync(path, 'utf8').matchAll(IMPORTS)].map(
      (match) => match[1] ?? match[2] ?? match[3] ?? '',
    );
    const helpers = imports.filter(
      (name) => name.startsWith('.') && !name.includes('/src/') && name.endsWith('.ts'),
    );
    const isOpener =
      imports.some((name) => OPENERS.test(name)) || helpers.some((name) => opens(join(path, '..', name)));
    known.set(path, isOpener);
    return isOpener;
  };
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith('interop'))
    .map((path) => ({ path: `test/${path}`, text: readFileSync(join(root, 'test', path), 'utf8') }));
  const pick = (isWanted: (file: { path: string; text: string }) => boolean) =>
    all.filter(isWanted).map(({ path }) => path);
  const isFull = (path: string) => path.endsWith('.full.test.ts');
  const isCli = (path: string) => /^test\/(?:cli|package)\//.test(path);
  return {
    unit: pick(({ path }) => !isFull(path) && !isCli(path) && !opens(join(root, path))),
    flows: pick(({ path }) => !isFull(path) && !isCli(path) && opens(join(root, path))),
    cli: pick(({ path }) => !isFull(path) && isCli(path)),
    servers: pick(({ path, text }) => !isFull(path) && /^each(?:Database|Pair)\(/m.test(text)),
    pairs: pick(({ path, text }) => PAIRED.test(path) && /^eachDatabase\(/m.test(text)),
    full: pick(({ path }) => isFull(path)),
  };
}
