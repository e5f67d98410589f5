import { join } from 'node:path';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { findFreePort, peerScript, python, startServer } from './process.ts';

export interface Flask extends Application {
  readonly secretKey: string;
  /** whether the user's API token, of the kind that Microblog hands out, still opens the API */
  isApiTokenGood(): Promise<boolean>;
}

/** A site with the tutorial's user model on SQLite: Flask-Login's sessions, Werkzeug's hashes. */
export async function startFlask(): Promise<Flask> {
  const folder = await makePeerFolder('flask');
  const file = join(folder, 'app.db');
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const secretKey = 'the SECRET_KEY of this site';
  const env = {
    PEER_SECRET: secretKey,
    PEER_NAME: susan.name,
    PEER_EMAIL: susan.email,
    PEER_PASSWORD: firstPassword,
  };
  const server = await startServer({
    command: python,
    args: ['-B', peerScript('flask_site.py'), String(port), file],
    env,
    probe: origin,
    cleanUp: [removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const answer = await browser.post('/login', { username: susan.name, password });
    if (answer.status !== 302) throw new Error(`Flask answers ${answer.status}: ${answer.text}`);
    return answer.location === '/' ? browser : undefined;
  };
  return {
    origin,
    folder,
    database: `sqlite:${file}`,
    secretKey,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).status === 200,
    isApiTokenGood: async () =>
      (await openBrowser(origin).get('/api/me?token=token-of-susan')).status === 200,
    stop: server.stop,
  };
}
