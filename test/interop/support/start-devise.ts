import { join } from 'node:path';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { findFreePort, peerScript, startServer } from './process.ts';

export interface DeviseSite extends Application {
  /** Devise.secret_key and the site's secret_key_base */
  readonly secretKey: string;
}

/** A Rails site with Devise's own pages on SQLite; whoever signs in is remembered by a cookie, too. */
export async function startDevise(pepper?: string): Promise<DeviseSite> {
  const folder = await makePeerFolder('devise');
  const file = join(folder, 'site.db');
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const secretKey = 'the secret_key_base of this site, which is longer than thirty bytes';
  const server = await startServer({
    command: 'ruby',
    args: [peerScript('devise_site.rb'), String(port), file],
    env: {
      PEER_SECRET: secretKey,
      PEER_EMAIL: susan.email,
      PEER_PASSWORD: firstPassword,
      ...(pepper === undefined ? {} : { PEER_PEPPER: pepper }),
    },
    probe: `${origin}/users/sign_in`,
    cleanUp: [removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const form = await browser.get('/users/sign_in');
    const answer = await browser.post('/users/sign_in', {
      authenticity_token: form.field('authenticity_token'),
      'user[email]': susan.email,
      'user[password]': password,
      'user[remember_me]': '1',
    });
    if (answer.status === 302) return browser;
    // Devise shows the form again.
    if (answer.status === 200 && answer.text.includes('<h2>Log in</h2>')) return undefined;
    throw new Error(`Devise answers ${answer.status}: ${answer.text}`);
  };
  return {
    origin,
    folder,
    database: `sqlite:${file}`,
    secretKey,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).text === susan.email,
    stop: server.stop,
  };
}
