import { openBrowser } from './browser.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { python } from './process.ts';
import { startSite } from './start-site.ts';

/** What Flask-Security calls SECURITY_PASSWORD_SALT: the key of its HMAC. */
export const passwordSalt = 'a salt that only the site knows, 146585145368132386173505678016728509634';

/** A site on SQLite with Flask-Security's own models and login; `hash` is SECURITY_PASSWORD_HASH. */
export async function startFlaskSecurity(hash: 'bcrypt' | 'argon2'): Promise<Application> {
  const site = await startSite({
    name: 'flask-security',
    command: [python, '-B'],
    script: 'flask_security_login.py',
    args: [hash],
    env: { PEER_SALT: passwordSalt },
    probe: '/login',
  });
  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const answer = await browser.post('/login', { email: susan.email, password });
    if (![200, 302].includes(answer.status))
      throw new Error(`Flask-Security answers ${answer.status}: ${answer.text}`);
    return answer.status === 302 ? browser : undefined;
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).status === 200,
  };
}
