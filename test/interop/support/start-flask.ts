import { openBrowser } from './browser.ts';
import { loginBy, susan } from './peer.ts';
import { startPythonSite, type SecretSite } from './start-site.ts';

export interface Flask extends SecretSite {
  /** whether the user's API token, of the kind that Microblog hands out, still opens the API */
  isApiTokenGood(): Promise<boolean>;
}

/** A site with the tutorial's user model on SQLite: Flask-Login's sessions, Werkzeug's hashes. */
export async function startFlask(): Promise<Flask> {
  const site = await startPythonSite('flask', { probe: '/' });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const answer = await browser.post('/login', { username: susan.name, password });
    if (answer.status !== 302) throw new Error(`Flask answers ${answer.status}: ${answer.text}`);
    return answer.location === '/' ? browser : undefined;
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).status === 200,
    isApiTokenGood: async () =>
      (await openBrowser(site.origin).get('/api/me?token=token-of-susan')).status === 200,
  };
}
