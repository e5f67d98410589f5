import { join } from 'node:path';
import { execa } from 'execa';
import { cleanEnvironment } from '../../helpers/run-reset.ts';
import { findFreePort } from '../../helpers/free-port.ts';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { startServer } from './process.ts';

const code = '/usr/share/mediawiki';
/** MediaWiki writes the first letter of a name in upper case. */
const userName = 'Susan';

/** MediaWiki as Debian packages it, with its own tables on SQLite; people sign in by `action=clientlogin`. */
export async function startMediaWiki(): Promise<Application> {
  const folder = await makePeerFolder('mediawiki');
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { MW_CONFIG_FILE: join(folder, 'LocalSettings.php') };

  const maintain = (script: string, ...args: string[]) =>
    execa('php', [join(code, 'maintenance', script), ...args], {
      extendEnv: false,
      env: script === 'install.php' ? cleanEnvironment() : cleanEnvironment(env),
    });
  const install = async () => {
    await maintain(
      'install.php',
      ...['--dbtype', 'sqlite', '--dbpath', folder, '--dbname', 'wiki', '--confpath', folder],
      ...['--server', origin, '--scriptpath', '', '--pass', 'the password of the administrator'],
      ...['Interop', 'Administrator'],
    );
    await maintain('createAndPromote.php', userName, firstPassword);
    await maintain('resetUserEmail.php', '--no-reset-password', userName, susan.email);
  };
  try {
    await install();
  } catch (error) {
    await removing(folder)();
    throw error;
  }
  const server = await startServer({
    command: 'php',
    args: ['-S', `127.0.0.1:${port}`, '-t', code],
    env,
    probe: `${origin}/api.php?action=query&format=json`,
    cleanUp: [removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const { text } = await browser.get('/api.php?action=query&meta=tokens&type=login&format=json');
    const { query } = JSON.parse(text) as { query: { tokens: { logintoken: string } } };
    const answer = await browser.post('/api.php?action=clientlogin&format=json', {
      username: userName,
      password,
      logintoken: query.tokens.logintoken,
      loginreturnurl: `${origin}/`,
    });
    const { clientlogin } = JSON.parse(answer.text) as {
      clientlogin?: { status: string; messagecode?: string };
    };
    if (clientlogin?.status === 'PASS') return browser;
    if (clientlogin?.messagecode === 'wrongpassword') return undefined;
    throw new Error(`MediaWiki answers ${answer.text}`);
  };
  return {
    origin,
    folder,
    database: `sqlite:${join(folder, 'wiki.sqlite')}`,
    ...loginBy(tryToSignIn),
    async isSignedIn(browser) {
      const { text } = await browser.get('/api.php?action=query&meta=userinfo&format=json');
      const { query } = JSON.parse(text) as { query: { userinfo: { name: string } } };
      return query.userinfo.name === userName;
    },
    stop: server.stop,
  };
}
