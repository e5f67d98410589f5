import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../helpers/free-port.ts';
import { openBrowser } from './browser.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { peerScript, startServer } from './process.ts';

/** WordPress as Debian packages it, installed through its own form into a database of its own on MariaDB. */
export async function startWordPress(): Promise<Application> {
  const folder = await makePeerFolder('wordpress');
  const database = await createMysqlDatabase();
  const { hostname, port: dbPort, username, password: dbPassword } = new URL(database.url);
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  // A copy, because WordPress takes the configuration that lies beside it.
  const site = join(folder, 'site');
  await cp('/usr/share/wordpress', site, { recursive: true, dereference: true });
  await cp(peerScript('wp-config.php'), join(site, 'wp-config.php'));
  await mkdir(join(site, 'wp-content/uploads'), { recursive: true });
  const server = await startServer({
    command: 'php',
    args: ['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, '-t', site],
    env: {
      PEER_DB_NAME: database.name,
      PEER_DB_USER: decodeURIComponent(username),
      PEER_DB_PASSWORD: decodeURIComponent(dbPassword),
      PEER_DB_HOST: `${hostname}:${dbPort || '3306'}`,
      PEER_ORIGIN: origin,
    },
    probe: `${origin}/readme.html`,
    cleanUp: [database.drop, removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    await browser.get('/wp-login.php');
    const answer = await browser.post('/wp-login.php', { log: susan.name, pwd: password, testcookie: '1' });
    if (answer.status === 302) return browser;
    if (answer.text.includes('is incorrect')) return undefined;
    throw new Error(`WordPress answers ${answer.status}: ${answer.text}`);
  };
  const install = async () => {
    const installed = await openBrowser(origin).post('/wp-admin/install.php?step=2', {
      weblog_title: 'Interop',
      user_name: susan.name,
      admin_password: firstPassword,
      admin_password2: firstPassword,
      admin_email: susan.email,
      blog_public: '0',
      language: '',
    });
    if (!installed.text.includes('Success!'))
      throw new Error(`WordPress is not installed: ${installed.text}`);
  };
  await install().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    origin,
    folder,
    database: database.url,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/wp-admin/profile.php')).status === 200,
    stop: server.stop,
  };
}
