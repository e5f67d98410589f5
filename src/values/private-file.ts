import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Nobody but the operator reads keys, passwords in URLs and other people's links. */
const OWNER_ONLY = 0o600;

/** A new file that only its owner can read (R80: `wx` follows no symlink). Throws EEXIST if something is there. */
export async function writeNewPrivateFile(path: string, content: string | Buffer): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whole or not at all, over what is there: written beside its place under another name, then renamed. */
export async function writePrivateFile(path: string, content: string | Buffer): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString('hex')}.partial`;
  try {
    await writeNewPrivateFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
