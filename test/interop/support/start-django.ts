import { join } from 'node:path';
import { openBrowser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, makePeerFolder, removing, susan, type Application } from './peer.ts';
import { findFreePort, peerScript, python, startServer } from './process.ts';

/** Names of Django's password hashers, without `PasswordHasher`. */
export type DjangoHasher = 'PBKDF2' | 'PBKDF2SHA1' | 'Argon2' | 'BCryptSHA256';

export interface Django extends Application {
  readonly secretKey: string;
}

/** Django's own tables on SQLite, its admin, and one superuser whose password the hasher has hashed. */
export async function startDjango(hasher: DjangoHasher = 'PBKDF2'): Promise<Django> {
  const folder = await makePeerFolder('django');
  const file = join(folder, 'django.db');
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const secretKey = 'the SECRET_KEY of this site';
  const env = {
    PEER_SECRET: secretKey,
    PEER_NAME: susan.name,
    PEER_EMAIL: susan.email,
    PEER_PASSWORD: firstPassword,
  };
  const server = await startServer({
    command: python,
    args: ['-B', peerScript('django_site.py'), String(port), file, hasher],
    env,
    probe: `${origin}/admin/login/`,
    cleanUp: [removing(folder)],
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
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
    origin,
    folder,
    database: `sqlite:${file}`,
    secretKey,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/admin/')).status === 200,
    stop: server.stop,
  };
}
