const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'a file of this name exists',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's quota is used up",
  EROFS: 'the file system is read-only',
};

/** Why a mail could not be written into a folder, or a program not be run, as a sentence; undefined for what the system did not say. */
export function folderWords(error: NodeJS.ErrnoException): string | undefined {
  const why = WHY[error.code ?? ''];
  return why === undefined || error.path === undefined
    ? undefined
    : `${error.path} cannot be written: ${why}.`;
}
