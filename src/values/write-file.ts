import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeFileSync, type Stats } from 'node:fs';
import { ResetError } from '../errors.ts';
import { userName } from './trusted-path.ts';

/** What a shell passes for a pipe or an open file: links by nature, and the caller's own. */
const OWN_DESCRIPTORS = /^\/(?:dev\/(?:stdin|stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/**
 * Write a file that the operator named, in place of the one that may be there. A link is never followed, and another
 * user's file never written into: in a folder that others may write to, such as /tmp, somebody could have put it there
 * (R80). Throws usage_invalid.
 *
 * @param option of the command line, for the message, such as `--out`
 * @param mode of a new file: by default only the caller may read it
 */
export function writeNamedFile(
  path: string,
  content: string,
  { option, mode = 0o600 }: { readonly option: string; readonly mode?: number },
): void {
  const isOwnDescriptor = OWN_DESCRIPTORS.test(path);
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  let file: number;
  try {
    file = openSync(path, O_WRONLY | O_CREAT | (isOwnDescriptor ? 0 : O_NOFOLLOW), mode);
  } catch (cause) {
    throw unwritable(path, option, cause);
  }
  try {
    const stat = fstatSync(file);
    const why = isOwnDescriptor ? undefined : whyNotOurs(stat);
    if (why !== undefined)
      throw new ResetError(
        'usage_invalid',
        `${path} ${why}, so nothing was written. Choose another file with ${option}.`,
      );
    if (stat.isFile()) ftruncateSync(file);
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

function whyNotOurs(stat: Stats): string | undefined {
  if (process.getuid === undefined || stat.isCharacterDevice()) return undefined;
  if (stat.uid !== process.getuid()) return `belongs to another user (${userName(stat.uid)})`;
  return stat.isFile() && stat.nlink > 1 ? 'is a hard link, so it has another name as well' : undefined;
}

function unwritable(path: string, option: string, cause: unknown): ResetError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const message =
    code === 'ELOOP'
      ? `${path} is a symbolic link, which is not followed. Name the file itself with ${option}.`
      : `The file ${path} can't be written (${WHY[code] ?? code}). Choose another with ${option}.`;
  return new ResetError('usage_invalid', message, { cause });
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
};
