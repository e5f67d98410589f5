import { loginByAnswer, susan, type Application } from './peer.ts';
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
  const login = loginByAnswer(site.origin, { accepted: 302, refused: 422 }, (browser, password) =>
    browser.post('/login', { email: susan.email, password }),
  );
  return {
    ...site,
    ...login,
    isSignedIn: async (browser) => (await browser.get('/')).status === 200,
  };
}
