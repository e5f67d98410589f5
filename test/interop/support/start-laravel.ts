import { openBrowser } from './browser.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { startSite } from './start-site.ts';

export interface LaravelSettings {
  /** of its hash manager, which hashes passwords and tokens */
  readonly driver: 'bcrypt' | 'argon' | 'argon2id';
  /** app.timezone */
  readonly timeZone: string;
}

/** Laravel's password broker, token repository and hash manager behind pages like those of its starter kits, on SQLite. */
export async function startLaravel({ driver, timeZone }: LaravelSettings): Promise<Application> {
  const site = await startSite({
    name: 'laravel',
    command: ['php'],
    script: 'laravel_site.php',
    args: [driver, timeZone],
    probe: '/login',
  });

  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(site.origin);
    const answer = await browser.post('/login', { email: susan.email, password });
    if (answer.status === 302) return browser;
    if (answer.status === 422) return undefined;
    throw new Error(`Laravel answers ${answer.status}: ${answer.text}`);
  };
  return {
    ...site,
    ...loginBy(tryToSignIn),
    isSignedIn: async (browser) => (await browser.get('/')).status === 200,
  };
}
