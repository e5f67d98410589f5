import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResetError } from '../errors.ts';

/**
 * A new folder for files that only live as long as this process; only the caller may open it. Throws config_invalid
 * if none can be created, as in a container with a read-only file system.
 */
export function makeTemporaryFolder(prefix: string): string {
  const parent = tmpdir();
  try {
    return mkdtempSync(join(parent, prefix));
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    const why = code === 'EROFS' ? 'it is read-only' : code === 'ENOENT' ? 'it does not exist' : code;
    throw new ResetError(
      'config_invalid',
      `No temporary file can be created in ${parent}: ${why}. Set TMPDIR to a folder that can be written to.`,
      { cause },
    );
  }
}
