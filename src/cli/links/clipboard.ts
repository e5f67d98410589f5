import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import { isExecutable } from '../../values/file-access.ts';

/** A program that puts its standard input into the clipboard. */
export interface Clipboard {
  readonly program: string;
  readonly args: readonly string[];
}

/** The clipboard of this desktop: by its own program, if it is installed. */
export function findClipboard(env: Environment, platform: NodeJS.Platform): Clipboard | undefined {
  return candidates(env, platform).find(({ program }) => isInstalled(program, env));
}

function candidates(env: Environment, platform: NodeJS.Platform): Clipboard[] {
  const has = (name: string): boolean => (env[name] ?? '') !== '';
  if (platform === 'darwin') return [{ program: 'pbcopy', args: [] }];
  if (platform === 'win32') return [{ program: 'clip.exe', args: [] }];
  return [
    ...(has('WAYLAND_DISPLAY') ? [{ program: 'wl-copy', args: [] }] : []),
    ...(has('DISPLAY') ? [{ program: 'xclip', args: ['-selection', 'clipboard'] }] : []),
    // Linux on Windows
    ...(has('WSL_DISTRO_NAME') ? [{ program: 'clip.exe', args: [] }] : []),
  ];
}

const isInstalled = (program: string, env: Environment): boolean =>
  (env['PATH'] ?? env['Path'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));

const PATIENCE_MS = 5000;

/**
 * Copies the text; returns what went wrong, or undefined. The text is never an argument, which others on this machine
 * could read.
 */
export function copyText({ program, args }: Clipboard, text: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // xclip and wl-copy keep running to serve the text, so they must not inherit any open descriptor.
    const child = spawn(program, [...args], {
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: PATIENCE_MS,
    });
    child.on('error', (error) => {
      resolve(`${program}: ${error.message}`);
    });
    child.on('exit', (code) => {
      resolve(
        code === 0 ? undefined : `${program} ended with ${code === null ? 'a signal' : `code ${code}`}`,
      );
    });
    child.stdin.on('error', () => undefined); // its end says that
    child.stdin.end(text);
  });
}
