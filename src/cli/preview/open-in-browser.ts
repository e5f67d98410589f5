import { spawn } from 'node:child_process';
import { ResetError } from '../../errors.ts';

/** What each system calls the program that opens a file as a double click would. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer.exe' };

/**
 * Opens a file in its program, usually the browser, without a shell and with a path that we made ourselves (R85).
 * Throws usage_invalid when the system has no opener.
 */
export function openInBrowser(path: string): Promise<void> {
  const opener = OPENERS[process.platform] ?? 'xdg-open';
  return new Promise((resolve, reject) => {
    const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
    child.once('error', (cause) => {
      reject(
        new ResetError(
          'usage_invalid',
          `${opener} is not installed, so ${path} was not opened. Open the file yourself.`,
          {
            cause,
          },
        ),
      );
    });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
