import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import { removeFolder } from '../helpers/temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the folder of each application of peers/applications, by name, with its node_modules */
    applications: Readonly<Record<string, string>>;
  }
}

const sources = fileURLToPath(new URL('./peers/applications/', import.meta.url));
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'reset-ci/applications');

/** Before all tests: the applications that come from npm, side by side, each installed once and kept for later runs. */
export async function setup({ provide }: TestProject): Promise<void> {
  await mkdir(cache, { recursive: true });
  const names = await readdir(sources);
  const installed = await Promise.all(names.map(async (name) => [name, await install(name)] as const));
  provide('applications', Object.fromEntries(installed));
}

/** The folder is named after what is in it, so another version is another folder. */
async function install(name: string): Promise<string> {
  const lock = await readFile(join(sources, name, 'package-lock.json'));
  const folder = join(cache, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
  if (await exists(folder)) return folder;
  // Another run may install the same at the same time: the first one leaves a complete folder.
  const work = await mkdtemp(join(cache, `.${name}-`));
  try {
    const { unpack } = JSON.parse(await readFile(join(sources, name, 'package.json'), 'utf8')) as Source;
    if (unpack === undefined) await cp(join(sources, name, 'package.json'), join(work, 'package.json'));
    else await unpackInto(work, unpack);
    await cp(join(sources, name, 'package-lock.json'), join(work, 'package-lock.json'));
    // Some want a later Node than these tests run on, and bring it; npm would refuse them (engine-strict in .npmrc).
    const flags = ['--ignore-scripts', '--no-engine-strict', '--no-audit', '--no-fund', '--prefer-offline'];
    const own = unpack === undefined ? [] : ['--omit=dev', '--legacy-peer-deps'];
    await execa('npm', ['ci', ...flags, ...own], { cwd: work });
    await rename(work, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await removeFolder(work);
  }
  return folder;
}

/** What stands in an application's package.json here, beside its dependencies. */
interface Source {
  /** a package that is an application by itself: its own package.json is installed, by the lock file here */
  readonly unpack?: string;
}

async function unpackInto(folder: string, packageName: string): Promise<void> {
  const { stdout } = await execa('npm', ['pack', '--json', '--ignore-scripts', packageName], { cwd: folder });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm packs nothing for ${packageName}.`);
  await execa('tar', ['-xzf', packed.filename, '--strip-components=1'], { cwd: folder });
  await rm(join(folder, packed.filename));
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
