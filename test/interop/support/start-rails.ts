import { loginByForm, susan, type Application } from './peer.ts';
import { startSite } from './start-site.ts';

/** Rails with has_secure_password and the authentication generator's sessions on SQLite; `address` is the column. */
export async function startRails(address: 'email' | 'email_address'): Promise<Application> {
  const site = await startSite({
    name: 'rails',
    command: ['ruby'],
    script: 'rails_site.rb',
    args: [address],
    probe: '/session/new',
  });
  const login = loginByForm(site.origin, {
    path: '/session/new',
    target: '/session',
    token: 'authenticity_token',
    fields: (password) => ({ address: susan.email, password }),
    refusal: 'Try another email address or password.',
  });
  return { ...site, ...login, isSignedIn: async (browser) => (await browser.get('/')).text === susan.email };
}
