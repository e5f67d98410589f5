import { openBrowser } from './browser.ts';
import { loginBy, susan } from './peer.ts';
import { startSite, type SecretSite } from './start-site.ts';

/** A Rails site with Devise's own pages on SQLite; whoever signs in is remembered by a cookie, too. */
export async function startDevise(pepper?: string): Promise<SecretSite> {
  const site = await startSite({
    name: 'devise',
    command: ['ruby'],
    script: 'devise_site.rb',
    env: pepper === undefined ? {} : { PEER_PEPPER: pepper },
    probe: '/users/sign_in',
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
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
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).text === susan.email,
  };
}
