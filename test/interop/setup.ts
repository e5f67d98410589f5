import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import { removeFolder } from '../helpers/temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** folder with the scripts of peers/node and what they import from npm */
    nodePeers: string;
  }
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** Before all tests: the Debian packages, and the npm packages in a folder of their own, removed afterwards. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await execa(join(here, 'install.sh'), { stderr: 'inherit' });
  const folder = await mkdtemp(join(tmpdir(), 'reset-interop-npm-'));
  await cp(join(here, 'peers/node'), folder, { recursive: true });
  await execa('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
  });
  provide('nodePeers', folder);
  return () => removeFolder(folder);
}
