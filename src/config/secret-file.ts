import { closeSync, fstatSync, openSync, readFileSync, constants, type Stats } from 'node:fs';
import { ResetError } from '../errors.ts';
import { programName } from '../values/program-name.ts';
import { assertTrusted, userName } from '../values/trusted-path.ts';
import { isMountedSecret } from './secret-mount.ts';

/**
 * The bytes of a file that holds a secret. What counts is what `fstat` says of the opened descriptor: a regular
 * file that only its owner (us or root) can read, or one that a container or systemd mounts (R79). Throws
 * config_invalid with the way out.
 */
export function readSecretFile(path: string): Buffer {
  const descriptor = open(path);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw refuse(path, 'is not a regular file');
    if (!isMountedSecret(path, stat)) assertPrivate(path, stat);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
};

function open(path: string): number {
  try {
    // O_NONBLOCK: opening a FIFO must answer at once, so that fstat can refuse it.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = WHY_UNREADABLE[code] ?? code;
    throw new ResetError('config_invalid', `The secret file ${path} can't be read: ${why}.`, {
      cause: error,
    });
  }
}

function assertPrivate(path: string, { mode, uid }: Stats): void {
  const own = process.getuid?.();
  if (own === undefined) return; // Windows knows no such modes
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw refuse(
      path,
      `can be read by others (mode ${octal}). Close it with: chmod 600 ${path}`,
      'readable_by_others',
    );
  }
  if (uid !== own && uid !== 0) {
    const owner = userName(uid);
    const user = owner.startsWith('uid ') ? `'#${uid}'` : owner;
    throw refuse(
      path,
      own === 0
        ? `belongs to another user (${owner}). Run it as that user: sudo -u ${user} ${programName} …`
        : `belongs to another user (${owner})`,
    );
  }
  assertTrusted(path, 'The secret file');
}

const refuse = (path: string, why: string, reason?: 'readable_by_others') =>
  new ResetError('config_invalid', `The secret file ${path} ${/[.…]$/.test(why) ? why : `${why}.`}`, {
    details: { path, ...(reason && { reason }) },
  });
