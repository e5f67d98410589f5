import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, type Browser } from './browser.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { loginByForm, susan, type Application } from './peer.ts';
import { preparePeer } from './prepare-peer.ts';
import { peerScript, startServer } from './process.ts';

/** WordPress as Debian packages it, installed through its own form into a database of its own on MariaDB. */
export async function startWordPress(): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('wordpress', createMysqlDatabase);
  const { hostname, port: dbPort, username, password: dbPassword } = new URL(database.url);
  // A copy, because WordPress takes the configuration that lies beside it.
  const site = join(folder, 'site');
  await cp('/usr/share/wordpress', site, { recursive: true, dereference: true });
  await cp(peerScript('wp-config.php'), join(site, 'wp-config.php'));
  await mkdir(join(site, 'wp-content/uploads'), { recursive: true });
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
  const { stop } = await startServer({
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
    setUp: install,
    cleanUp,
  });

  const login = loginByForm(origin, {
    path: '/wp-login.php',
    refusal: 'is incorrect',
    fields: (password) => ({ log: susan.name, pwd: password, testcookie: '1' }),
  });
  const isSignedIn = async (browser: Browser) => (await browser.get('/wp-admin/profile.php')).status === 200;
  return { origin, folder, database: database.url, ...login, isSignedIn, stop };
}
