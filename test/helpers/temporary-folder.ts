import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

// A process that was just stopped may still write a file (a shell its history, SQLite its journal): for that moment
// the folder is "not empty", and the removal is tried again.
const PATIENTLY = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 } as const;

/** Removes a folder that a test made, with everything in it. */
export const removeFolder = (folder: string): Promise<void> => rm(folder, PATIENTLY);

/** The same where nothing can wait. */
export const removeFolderSync = (folder: string): void => rmSync(folder, PATIENTLY);
