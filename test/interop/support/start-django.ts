import { loginByForm, susan, type LoginForm } from './peer.ts';
import { startPythonSite, type SecretSite } from './start-site.ts';

/** Names of Django's password hashers, without `PasswordHasher`. */
export type DjangoHasher = 'PBKDF2' | 'PBKDF2SHA1' | 'Argon2' | 'BCryptSHA256';

const LOGIN: LoginForm = {
  path: '/admin/login/?next=/admin/',
  refusal: 'Please enter the correct username and password',
  token: 'csrfmiddlewaretoken',
  fields: (password) => ({ username: susan.name, password }),
};

/** Django's own tables on SQLite, its admin, and one superuser whose password the hasher has hashed. */
export async function startDjango(hasher: DjangoHasher = 'PBKDF2'): Promise<SecretSite> {
  const site = await startPythonSite('django', { args: [hasher], probe: '/admin/login/' });
  return {
    ...site,
    ...loginByForm(site.origin, LOGIN),
    isSignedIn: async (browser) => (await browser.get('/admin/')).status === 200,
  };
}
