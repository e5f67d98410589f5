import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../types.ts';
import { buildEml } from './eml.ts';
import type { Message } from './message.ts';
import type { Transport } from './transport-contract.ts';

/** Only the operator reads other people's links. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Sorts by time; the Message-ID's digest tells two mails of one millisecond apart. */
function nameFile(message: Message, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[:.]/g, '-');
  return `${time}-${createHash('sha256').update(message.messageId).digest('hex').slice(0, 12)}.eml`;
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

/** One `.eml` per mail in a folder, which is made if it is missing. */
export function openFolder(folder: string, clock: Clock): Transport {
  const directory = resolve(folder);
  return {
    async send(message) {
      const path = join(directory, nameFile(message, clock.now()));
      const content = await buildEml(message, clock.now());
      await mkdir(directory, { recursive: true, mode: folderMode });
      await writeWhole(path, content);
      return { reply: path, messageId: message.messageId };
    },
    async verify() {
      await mkdir(directory, { recursive: true, mode: folderMode });
      await access(directory, constants.W_OK | constants.X_OK);
      return { reply: `${directory} can be written` };
    },
    close: () => Promise.resolve(),
  };
}
