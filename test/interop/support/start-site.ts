import { join } from 'node:path';
import { findFreePort } from '../../helpers/free-port.ts';
import { firstPassword } from './passwords.ts';
import { makePeerFolder, removing, susan, type Application } from './peer.ts';
import { peerScript, python, startServer } from './process.ts';

/** A site with a secret of its own: SECRET_KEY, secret_key_base. */
export interface SecretSite extends Application {
  readonly secretKey: string;
}

export interface SiteLaunch {
  /** of its folder and its database */
  readonly name: string;
  /** the interpreter, with its options */
  readonly command: readonly [string, ...string[]];
  /** of the peers folder; it gets the port and the database file, then `args`, and the user in PEER_* */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** a path that answers */
  readonly probe: string;
  readonly startSeconds?: number;
}

/** An application in one process on an SQLite file, with Susan in it. */
export async function startSite(
  launch: SiteLaunch,
): Promise<Pick<SecretSite, 'origin' | 'folder' | 'database' | 'secretKey' | 'stop'>> {
  const { name, script, args = [], env = {}, probe, startSeconds } = launch;
  const [command, ...options] = launch.command;
  const folder = await makePeerFolder(name);
  const file = join(folder, `${name}.db`);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const secretKey = 'the secret of this site, which is longer than thirty bytes';
  const { stop } = await startServer({
    command,
    args: [...options, peerScript(script), String(port), file, ...args],
    env: {
      PEER_SECRET: secretKey,
      PEER_NAME: susan.name,
      PEER_EMAIL: susan.email,
      PEER_PASSWORD: firstPassword,
      ...env,
    },
    probe: `${origin}${probe}`,
    ...(startSeconds !== undefined && { startSeconds }),
    cleanUp: [removing(folder)],
  });
  return { origin, folder, database: `sqlite:${file}`, secretKey, stop };
}

/** A site of `NAME_site.py`. */
export const startPythonSite = (
  name: string,
  launch: Pick<SiteLaunch, 'args' | 'probe' | 'startSeconds'>,
): ReturnType<typeof startSite> =>
  startSite({ name, command: [python, '-B'], script: `${name}_site.py`, ...launch });
