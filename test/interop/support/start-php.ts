import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { startServer, type WebServer } from './process.ts';

interface PhpSite {
  readonly folder: string;
  readonly port: number;
  /** where Debian keeps the application; a copy is served, because it takes the configuration that lies beside it */
  readonly code: string;
  /** the folder of the copy that is served */
  readonly root?: string;
  /** files that are not copied, because Debian lets them point to what is not there */
  readonly without?: readonly string[];
  /** writes the configuration into the copy */
  readonly configure: (copy: string) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
  /** a path that answers */
  readonly probe: string;
  /** what installs the application, once it answers */
  readonly setUp: (copy: string) => Promise<void>;
  readonly cleanUp: readonly (() => Promise<unknown>)[];
}

/** An application of Debian's PHP packages behind PHP's own web server, with its sessions in the peer's folder. */
export async function startPhp(site: PhpSite): Promise<WebServer> {
  const { folder, port, code, root = '.', without = [], configure, env = {}, probe, setUp, cleanUp } = site;
  const copy = join(folder, 'site');
  const filter = (path: string) => !without.includes(relative(code, path));
  await cp(code, copy, { recursive: true, dereference: true, filter });
  await configure(copy);
  const settings = ['display_errors=0', `session.save_path=${folder}`].flatMap((setting) => ['-d', setting]);
  return startServer({
    command: 'php',
    args: [...settings, '-S', `127.0.0.1:${port}`, '-t', join(copy, root)],
    env,
    probe: `http://127.0.0.1:${port}${probe}`,
    setUp: () => setUp(copy),
    cleanUp,
  });
}
