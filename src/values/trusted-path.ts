import { lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { ResetError } from '../errors.ts';
import { quoteWord } from './program-name.ts';

/** Why a path is not trusted: the part of it that somebody else could have written. */
export interface Distrust {
  /** the file, link or folder that others can change */
  readonly path: string;
  /** completes "`path` …" */
  readonly why: string;
  /** a shell command that fixes it */
  readonly remedy: string;
}

/** The kernel's own limit: a path with more links than this goes in a circle. */
const MAX_LINKS = 40;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Could somebody else have written this file, or put another one in its place? Looks at the file, at every link on
 * the way and at every folder above: each must belong to the caller or to root, and nobody else may write to it. In
 * a sticky folder such as /tmp only the owner of a file can replace it, so there the owner alone counts.
 *
 * Undefined when all is well, when nothing is there, and on Windows, which has no such owners and modes.
 */
export function distrust(path: string): Distrust | undefined {
  if (process.getuid === undefined) return undefined;
  return walk(isAbsolute(path) ? path : process.cwd() + sep + path);
}

/** Every file, link and folder on the way, from the root on. */
function walk(absolute: string): Distrust | undefined {
  const { root } = parse(absolute);
  const waiting = partsOf(absolute);
  let at = root;
  let links = 0;
  for (let found = checkPath(at); ; found = checkPath(at)) {
    if (found !== undefined) return found;
    const part = waiting.shift();
    if (part === undefined) return undefined;
    const next = part === '..' ? dirname(at) : join(at, part);
    const target = linkTarget(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    const foreign = checkPath(next);
    if (foreign !== undefined || (links += 1) > MAX_LINKS) return foreign;
    waiting.unshift(...partsOf(target));
    if (isAbsolute(target)) at = root;
  }
}

/**
 * For whatever is code, or names code, keys, servers or templates: throws config_invalid when somebody else could
 * have written it (R79).
 *
 * @param what how the message calls it, such as `The config file`
 * @param otherWay what to do where the remedy is not wanted; a whole sentence
 */
export function assertTrusted(path: string, what: string, otherWay?: string): void {
  const found = distrust(path);
  if (found === undefined) return;
  const isItself = found.path === resolve(path);
  const reason = isItself ? `it ${found.why}` : `${found.path} ${found.why}`;
  const advice = `If you trust it: ${found.remedy}${otherWay === undefined ? '' : ` ${otherWay}`}`;
  throw new ResetError('config_invalid', `${what} ${path} is refused: ${reason}. ${advice}`, {
    details: { path, reason: 'not_trusted' },
  });
}

/** `..` stays: after a link it leads elsewhere than the text says. */
const partsOf = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((part) => part !== '' && part !== '.');

function checkPath(path: string): Distrust | undefined {
  const stats = look(path);
  if (stats === undefined) return undefined;
  const foreign = checkOwner(path, stats);
  if (foreign !== undefined) return foreign;
  const isShared = stats.isDirectory() && (stats.mode & STICKY) !== 0;
  const hasMode = stats.isFile() || stats.isDirectory();
  if ((stats.mode & WRITABLE_BY_OTHERS) === 0 || isShared || !hasMode) return undefined;
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  return { path, why: `can be written by others (mode ${mode})`, remedy: `chmod go-w ${quoteWord(path)}` };
}

/** What can't be looked at can't be opened either: the reader says so. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const linkTarget = (path: string): string | undefined =>
  look(path)?.isSymbolicLink() === true ? readlinkSync(path) : undefined;

function checkOwner(path: string, { uid }: Stats): Distrust | undefined {
  const own = process.getuid?.();
  if (uid === 0 || uid === own || isUnmapped(uid)) return undefined;
  const name = userName(uid);
  return {
    path,
    why: `belongs to another user (${name})`,
    remedy: own === 0 ? `chown root ${quoteWord(path)}` : `sudo chown ${own} ${quoteWord(path)}`,
  };
}

/**
 * In a user namespace, such as a sandbox, the machine's root shows as the overflow user. Outside of one this is an
 * ordinary user.
 */
function isUnmapped(uid: number): boolean {
  const overflow = readNumber('/proc/sys/kernel/overflowuid');
  if (uid !== overflow) return false;
  const map = readText('/proc/self/uid_map').trim().split(/\s+/).map(Number);
  return map.length === 3 && !(map[0] === 0 && (map[2] ?? 0) > uid);
}

/** `alice`, or `uid 1001` where the user has no name on this machine. */
export function userName(uid: number): string {
  for (const line of readText('/etc/passwd').split('\n')) {
    const [name = '', , id] = line.split(':');
    if (id === String(uid)) return name;
  }
  return `uid ${uid}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const readNumber = (path: string): number => Number.parseInt(readText(path), 10);
