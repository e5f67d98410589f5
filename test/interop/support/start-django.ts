import { loginByForm, susan } from './peer.ts';
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
  return {
    ...site,
    ...loginByForm({
      name: 'Django',
      origin: site.origin,
      path: '/admin/login/?next=/admin/',
      refusal: 'Please enter the correct username and password',
      fields: (form, password) => ({
        csrfmiddlewaretoken: form.field('csrfmiddlewaretoken'),
        username: susan.name,
        password,
      }),
    }),
    isSignedIn: async (browser) => (await browser.get('/admin/')).status === 200,
  };
}
