import { loginByForm, susan } from './peer.ts';
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
  return {
    ...site,
    ...loginByForm({
      name: 'Redmine',
      origin: site.origin,
      path: '/login',
      refusal: 'Invalid user or password',
      fields: (form, password) => ({
        authenticity_token: form.field('authenticity_token'),
        username: susan.name,
        password,
      }),
    }),
    isSignedIn: async (browser) => (await browser.get('/my/account')).status === 200,
  };
}
