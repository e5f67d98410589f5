import { openBrowser } from './browser.ts';
import { loginBy, susan } from './peer.ts';
import { startSite, type SecretSite } from './start-site.ts';

/** Redmine as Debian packages it, with its own migrations and its own pages, on SQLite. */
export async function startRedmine(): Promise<SecretSite> {
  const site = await startSite({
    name: 'redmine',
    command: ['ruby'],
    script: 'redmine_site.rb',
    probe: '/login',
    // Its three hundred migrations run first.
    startSeconds: 100,
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const form = await browser.get('/login');
    const answer = await browser.post('/login', {
      authenticity_token: form.field('authenticity_token'),
      username: susan.name,
      password,
    });
    if (answer.status === 302) return browser;
    if (answer.text.includes('Invalid user or password')) return undefined;
    throw new Error(`Redmine answers ${answer.status}: ${answer.text}`);
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/my/account')).status === 200,
  };
}
