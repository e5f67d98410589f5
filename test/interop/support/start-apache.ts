import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { connect } from '../../../src/db/connect.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { findProgram } from '../../helpers/find-program.ts';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginByAnswer, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { peerScript, startServer } from './process.ts';

/** Apache's mod_authn_dbd over a table of its own on SQLite; its users have a name, here an address. */
export async function startApache(): Promise<Application> {
  const folder = await makePeerFolder('apache');
  const file = join(folder, 'data/apache.db');
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  await install(folder, file);
  const { stop } = await startServer({
    command: findProgram('apache2') ?? 'apache2',
    args: ['-X', '-f', peerScript('apache.conf')],
    env: { PEER_FOLDER: folder, PEER_PORT: String(port) },
    probe: origin,
    cleanUp: [removing(folder)],
  });
  const answers = async (password: string) => {
    const credentials = Buffer.from(`${susan.email}:${password}`).toString('base64');
    return openBrowser(origin, { authorization: `Basic ${credentials}` }).get('/index.html');
  };
  return {
    origin,
    folder,
    database: `sqlite:${file}`,
    // Every request carries the password.
    ...loginByAnswer(origin, {}, (_browser, password) => answers(password)),
    isSignedIn: () => Promise.resolve(false),
    stop,
  };
}

/** Its password is of Apache's own htpasswd. */
async function install(folder: string, file: string): Promise<void> {
  // Apache reads as nobody, and SQLite's readers write beside the file.
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'data'));
  await chmod(join(folder, 'data'), 0o777);
  await mkdir(join(folder, 'public'));
  await writeFile(join(folder, 'public/index.html'), 'in');
  const { stdout } = await execa('htpasswd', ['-niB', susan.email], { input: firstPassword });
  const db = await connect(`sqlite:${file}`, { mayCreate: true });
  await db.schema.createTable('authn', (table) => {
    table.string('user', 100).primary();
    table.string('password', 100);
  });
  await db('authn').insert({ user: susan.email, password: stdout.trim().slice(susan.email.length + 1) });
  await db.destroy();
  await chmod(file, 0o666);
}
