import { closeSync, fstatSync, openSync, readFileSync, realpathSync, constants } from 'node:fs';
import { ResetError } from '../errors.ts';

/** Where containers and Kubernetes mount secrets: read-only, of a mode and owner that we do not choose. */
const MOUNTS = ['/run/secrets/', '/var/run/secrets/'];

/**
 * The bytes of a file that holds a secret. What counts is what `fstat` says of the opened descriptor: a regular
 * file that only its owner (us or root) can read, or one on a container's secrets mount (R79).
 */
export function readSecretFile(path: string): Buffer {
  const descriptor = open(path);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw refuse(path, 'is not a regular file');
    if (!isMounted(path)) {
      if ((stat.mode & 0o077) !== 0) {
        const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
        throw refuse(path, `can be read by others (mode ${mode}). Mend it with: chmod 600 ${path}`);
      }
      const uid = process.getuid?.();
      if (uid !== undefined && stat.uid !== uid && stat.uid !== 0)
        throw refuse(path, 'belongs to another user');
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  try {
    // O_NONBLOCK: opening a FIFO must answer at once, so that fstat can refuse it.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new ResetError('config_invalid', `The secret file ${path} can't be read.`, { cause: error });
  }
}

function isMounted(path: string): boolean {
  const real = realpathSync(path);
  return MOUNTS.some((mount) => real.startsWith(mount) || path.startsWith(mount));
}

const refuse = (path: string, why: string) =>
  new ResetError('config_invalid', `The secret file ${path} ${why}.`.replace(/\.\.$/, '.'), {
    details: { path },
  });
