// Before the tests: what would make them fail in a hundred places is said here, in one line.
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Is this version at least that one? Both as `20.19.0`; what is left out is 0. */
function isAtLeast(version, floor) {
  const [have, want] = [version, floor].map((text) => text.split('.').map(Number));
  const at = want.findIndex((part, index) => part !== have[index]);
  return at === -1 || (have[at] ?? 0) > want[at];
}

/** Does this version satisfy a range such as `^20.19.0 || >=24`? */
const isInRange = (version, range) =>
  range.split(' || ').some((part) => {
    const floor = part.replace(/^(\^|>=)/, '');
    const isSameMajor = version.split('.')[0] === floor.split('.')[0];
    return isAtLeast(version, floor) && (isSameMajor || part.startsWith('>='));
  });

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function canCreateFolders() {
  try {
    rmSync(mkdtempSync(join(tmpdir(), 'reset-check-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function findProblem() {
  if (!isInRange(process.versions.node, engines.node))
    return `The tests need Node ${engines.node}; this is ${process.versions.node}.`;
  const npm = /^npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1];
  if (npm !== undefined && !isAtLeast(npm, '7'))
    return `The lock file needs npm 7 or later; this is ${npm}. Update it with: npm install --global npm`;
  if (!existsSync(join(root, 'node_modules/vitest')))
    return 'The packages are not installed. Install them with: npm ci';
  if (!isWritable(root))
    return `The tests build into ${join(root, 'dist')}, and this user can't write to ${root}.`;
  if (!canCreateFolders())
    return `The tests create their files in ${tmpdir()}, and this user can't. Set TMPDIR.`;
  return undefined;
}

const problem = findProblem();
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}
