import { openBrowser } from './browser.ts';
import { loginBy, susan } from './peer.ts';
import { python } from './process.ts';
import { startSite, type SecretSite } from './start-site.ts';

/** Names of Django's password hashers, without `PasswordHasher`. */
export type DjangoHasher = 'PBKDF2' | 'PBKDF2SHA1' | 'Argon2' | 'BCryptSHA256';

/** Django's own tables on SQLite, its admin, and one superuser whose password the hasher has hashed. */
export async function startDjango(hasher: DjangoHasher = 'PBKDF2'): Promise<SecretSite> {
  const site = await startSite({
    name: 'django',
    command: [python, '-B'],
    script: 'django_site.py',
    args: [hasher],
    probe: '/admin/login/',
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const form = await browser.get('/admin/login/?next=/admin/');
    const answer = await browser.post('/admin/login/?next=/admin/', {
      csrfmiddlewaretoken: form.field('csrfmiddlewaretoken'),
      username: susan.name,
      password,
    });
    if (answer.status === 302) return browser;
    if (answer.text.includes('Please enter the correct username and password')) return undefined;
    throw new Error(`Django answers ${answer.status}: ${answer.text}`);
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/admin/')).status === 200,
  };
}
