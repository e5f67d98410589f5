import { openBrowser } from './browser.ts';
import { loginBy, loginByForm, susan } from './peer.ts';
import { startPythonSite, type SecretSite } from './start-site.ts';

/** A site that also says which link it would mail. */
export interface SampleSite extends SecretSite {
  ownLink(): Promise<string>;
}

/** A Flask site that signs its links with itsdangerous or PyJWT in one of the ways of `signed_site.py`. */
export async function startSigned(form: string): Promise<SampleSite> {
  const site = await startPythonSite('signed', { args: [form], probe: '/' });
  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const { location } = await browser.post('/login', { username: susan.name, password });
    return location === '/' ? browser : undefined;
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: () => Promise.resolve(false),
    ownLink: async () =>
      `${site.origin}/account/reset/${(await openBrowser(site.origin).get('/own_token')).text}`,
  };
}

/** Flask-Security's own pages. */
export async function startFlaskSecurity(): Promise<SampleSite> {
  const site = await startPythonSite('flask_security', { probe: '/login' });
  return {
    ...site,
    ...loginByForm(site.origin, {
      path: '/login',
      refusal: 'Invalid password',
      fields: (password) => ({ email: susan.email, password }),
    }),
    isSignedIn: () => Promise.resolve(false),
    ownLink: async () => `${site.origin}/reset/${(await openBrowser(site.origin).get('/own_token')).text}`,
  };
}

/** django-allauth's own pages. */
export async function startAllauth(): Promise<SampleSite> {
  const site = await startPythonSite('allauth', { probe: '/accounts/login/', startSeconds: 60 });
  return {
    ...site,
    ...loginByForm(site.origin, {
      path: '/accounts/login/',
      token: 'csrfmiddlewaretoken',
      refusal: 'The username and/or password you specified are not correct',
      fields: (password) => ({ login: susan.name, password }),
    }),
    isSignedIn: async (browser) => (await browser.get('/accounts/email/')).status === 200,
    ownLink: async () =>
      `${site.origin}/accounts/password/reset/key/${(await openBrowser(site.origin).get('/own_link')).text}/`,
  };
}
