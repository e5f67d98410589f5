import { accessSync, constants } from 'node:fs';

export const isWritable = (path: string): boolean => mayAccess(path, constants.W_OK);
export const isExecutable = (path: string): boolean => mayAccess(path, constants.X_OK);

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
