import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { succeed, type Ran } from '../../helpers/run-reset.ts';
import { susan, type Application } from './peer.ts';
import { createReset } from './reset.ts';

/** `reset` as an operator has set it up for an application's own links. */
export interface NativeReset {
  /** where its mailbox is */
  readonly folder: string;
  run(args: readonly string[]): Promise<Ran>;
  /** the link of `reset link` for the user */
  link(): Promise<string>;
  verify(given: string): Promise<Ran>;
  /** `reset smoke --url` on the user */
  smoke(...more: readonly string[]): Promise<Ran>;
}

/** The secret goes into a file that only its owner reads; `link` and `more` are of the config file. */
export async function createNative(
  site: Pick<Application, 'folder' | 'database' | 'origin'>,
  preset: string,
  secret: string | undefined,
  link: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<NativeReset> {
  const { folder, database, origin } = site;
  const before = new Set(await readdir(folder));
  const reset = await createReset({
    folder,
    database,
    preset,
    baseUrl: origin,
    config: { ...more, link: { native: true, ...link } },
  });
  const own = (await readdir(folder)).find((name) => name.startsWith('reset-') && !before.has(name));
  const secretFile = join(folder, own ?? '', 'app-secret');
  if (secret !== undefined) await writeFile(secretFile, secret, { mode: 0o600 });
  const args = secret === undefined ? [] : ['--app-secret-file', secretFile];
  const run: NativeReset['run'] = (given) => reset.run([...given, ...args]);
  return {
    folder: join(folder, own ?? ''),
    run,
    async link() {
      const { stdout } = await succeed(run(['link', susan.email]));
      return stdout.trim();
    },
    verify: (given) => run(['verify', given, '--json']),
    smoke: (...more) => run(['smoke', '--url', origin, '--email', susan.email, '--allow', '--json', ...more]),
  };
}
