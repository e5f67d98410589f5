import { createWriteStream, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeTemporaryFolder } from '../../values/temporary-folder.ts';

/** Standard input as a file: it is read twice, once to know it again and once to plan. Only we may read it (R80). */
export async function spoolStdin(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = makeTemporaryFolder('reset-');
  const path = join(folder, 'stdin');
  const removeNow = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeNow); // Ctrl-C while it is planned ends the process at once
  const remove = async () => {
    process.off('exit', removeNow);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await pipeline(process.stdin, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
