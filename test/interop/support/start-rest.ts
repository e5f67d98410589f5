import { loginByForm, susan, type Application } from './peer.ts';
import { startPythonSite } from './start-site.ts';

/** Django REST framework on SQLite, whose people are in a table of the site's own and sign in by address. */
export async function startRest(): Promise<Application> {
  const site = await startPythonSite('rest', { probe: '/auth/login/', startSeconds: 60 });
  return {
    ...site,
    ...loginByForm(site.origin, {
      path: '/auth/login/?next=/me',
      token: 'csrfmiddlewaretoken',
      fields: (password) => ({ username: susan.email, password }),
      refusal: 'Please enter a correct email and password',
    }),
    isSignedIn: async (browser) => (await browser.get('/me')).text.includes(susan.email),
  };
}
