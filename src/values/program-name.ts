import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { packageFolder } from './package-folder.ts';

/** How a process was started, as far as it says what to type the next time. */
export interface Call {
  /** `process.argv[1]`: an absolute path, with the links that npm makes still in it */
  readonly script: string | undefined;
  /** the folder in which the next command is typed */
  readonly folder: string | undefined;
  /** the root of this package, without links */
  readonly home: string;
}

const IN_CODE = /(?<![\w./=-]|\b(?:an?|the|of|npx) )reset(?= (?:--)?[a-z])/g;
const PLAIN_WORD = /^[\w./@:+-]+$/;

const home = resolveLinks(packageFolder);
const script = process.argv[1];

/**
 * How a person calls this program: `reset`, `resetctl`, or `npx reset` in a clone or a project that has installed it.
 * Every hint, usage line and example names it so, because `reset` alone is another program on most Linux machines.
 * In a Node program that uses the library it is `reset`.
 */
export const programName: string = nameProgram({ script, folder: currentFolder(), home });

/** The command to type in another folder, such as that of the demo, where `npx reset` may find a stranger's program. */
export const programIn = (folder: string): string => commandIn({ script, folder, home });

/** The name for a sentence: short, also for whoever starts `node bin/reset.js`. */
export function nameProgram(call: Call): string {
  const isByPath = call.script !== undefined && basename(call.script) === 'reset.js';
  const name = commandIn(call);
  return isByPath && !name.startsWith('npx ') ? 'reset' : name;
}

/** The command to type in that folder. */
export function commandIn({ script, folder, home }: Call): string {
  if (script === undefined || resolveLinks(script) !== join(home, 'bin', 'reset.js')) return 'reset';
  const called = basename(script);
  const isByPath = called === 'reset.js';
  const isInProject = script.endsWith(join(sep, 'node_modules', '.bin', called));
  if (!isByPath && !isInProject) return quoteWord(called);
  const name = called === 'resetctl' ? 'resetctl' : 'reset';
  if (folder !== undefined && findsUs(folder, name, home)) return `npx ${name}`;
  if (isByPath) return `node ${quoteWord(script)}`;
  // npx keeps what it downloaded in a folder of its own, which no other command finds.
  return script.includes(join(sep, '_npx', sep)) ? 'npx resetctl' : quoteWord(script);
}

/** A line of an example, written for `reset`, with the name that the person typed. Only for code: in prose "a reset link" is a link. */
export const asCalled = (code: string): string => code.replaceAll(IN_CODE, programName);

/** A word for the shells of Unix, in quotes where it needs them. */
export function quoteWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What npx does: the nearest `node_modules/.bin`, or the package in whose folder one stands. */
function findsUs(folder: string, name: string, home: string): boolean {
  for (let at = resolveLinks(folder); ; at = dirname(at)) {
    if (at === home) return true;
    const modules = join(at, 'node_modules');
    if (existsSync(join(modules, '.bin', name))) return resolveLinks(join(modules, 'resetctl')) === home;
    if (at === dirname(at)) return false;
  }
}

function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** undefined where the folder was removed under the process */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
