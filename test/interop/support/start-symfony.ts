import { openBrowser } from './browser.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { startSite } from './start-site.ts';

/** Symfony's framework and security bundles on SQLite; a cookie also remembers people who sign in. */
export async function startSymfony(): Promise<Application> {
  const site = await startSite({
    name: 'symfony',
    command: ['php'],
    script: 'symfony_site.php',
    probe: '/login',
    // Its container is compiled by the first request.
    startSeconds: 60,
  });
  const { origin } = site;
  return {
    ...site,
    ...loginBy(async (password) => {
      const browser = openBrowser(origin);
      const form = await browser.get('/login');
      const fields = { _csrf_token: form.field('_csrf_token'), _username: susan.email, _password: password };
      const { location } = await browser.post('/login', fields);
      if (location === `${origin}/`) return browser;
      const again = await browser.get(location ?? '/login');
      if (again.text.includes('Invalid credentials.')) return undefined;
      throw new Error(`The login of Symfony says: ${again.text}`);
    }),
    isSignedIn: async (browser) => (await browser.get('/')).text === susan.email,
  };
}
