import { loginByForm, susan, type LoginForm } from './peer.ts';
import { startSite, type SecretSite } from './start-site.ts';

const LOGIN: LoginForm = {
  path: '/login',
  refusal: 'Invalid user or password',
  token: 'authenticity_token',
  fields: (password) => ({ username: susan.name, password }),
};

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
  return {
    ...site,
    ...loginByForm(site.origin, LOGIN),
    isSignedIn: async (browser) => (await browser.get('/my/account')).status === 200,
  };
}
