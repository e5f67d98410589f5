import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Only the operator reads other people's links. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Sorts by time; the Message-ID's digest tells two mails of one millisecond apart. */
function nameFile(messageId: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  return `${time}-${createHash('sha256').update(messageId).digest('hex').slice(0, 12)}.eml`;
}

/** Whole or not at all: written beside its place under another name, then renamed (R80: `wx` follows no symlink). */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  const partial = `${path}.partial`;
  await rm(partial, { force: true }); // left by a crash
  const file = await open(partial, 'wx', fileMode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
}

/** The folder of a mailbox, made if it is missing. */
export async function makeMailFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: folderMode });
}

/** Adds one mail to a folder as an `.eml` file; gives its path. */
export async function saveMail(
  directory: string,
  mail: { readonly content: Buffer; readonly messageId: string },
  nowMs: number,
): Promise<string> {
  const path = join(directory, nameFile(mail.messageId, nowMs));
  await makeMailFolder(directory);
  await writeWhole(path, mail.content);
  return path;
}
