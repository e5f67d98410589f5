import { loginByForm, susan, type LoginForm } from './peer.ts';
import { startSite, type SecretSite } from './start-site.ts';

const LOGIN: LoginForm = {
  path: '/users/sign_in',
  // Devise shows the form again.
  refusal: '<h2>Log in</h2>',
  token: 'authenticity_token',
  fields: (password) => ({
    'user[email]': susan.email,
    'user[password]': password,
    'user[remember_me]': '1',
  }),
};

export interface DeviseSettings {
  readonly pepper?: string | undefined;
  /** devise-two-factor is there, too */
  readonly hasTwoFactor?: boolean;
}

/** A Rails site with Devise's own pages on SQLite; a cookie also remembers people who sign in. */
export async function startDevise({ pepper, hasTwoFactor }: DeviseSettings = {}): Promise<SecretSite> {
  const site = await startSite({
    name: 'devise',
    command: ['ruby'],
    script: 'devise_site.rb',
    env: {
      ...(pepper === undefined ? {} : { PEER_PEPPER: pepper }),
      ...(hasTwoFactor === true ? { PEER_TWO_FACTOR: '1' } : {}),
    },
    probe: '/users/sign_in',
  });
  return {
    ...site,
    ...loginByForm(site.origin, LOGIN),
    isSignedIn: async (browser) => (await browser.get('/')).text === susan.email,
  };
}
