import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../values/private-file.ts';

/** Only the operator reads other people's links. */
const folderMode = 0o700;

/** Sorts by time; the Message-ID's digest distinguishes two mails of the same millisecond. */
function nameFile(messageId: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  return `${time}-${createHash('sha256').update(messageId).digest('hex').slice(0, 12)}.eml`;
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
  await writePrivateFile(path, mail.content);
  return path;
}
