import { loginByForm, susan, type Application, type LoginForm } from './peer.ts';
import { startSite } from './start-site.ts';

export interface LaravelSettings {
  /** of its hash manager, which hashes passwords and tokens */
  readonly driver: 'bcrypt' | 'argon' | 'argon2id';
  /** app.timezone */
  readonly timeZone: string;
}

const LOGIN: LoginForm = {
  path: '/login',
  token: '_token',
  fields: (password) => ({ email: susan.email, password }),
  refusal: 'These credentials do not match our records.',
};

/** Laravel's framework with its guard, its password broker, and sessions in its table, on SQLite; a cookie also remembers people who sign in. */
export async function startLaravel({ driver, timeZone }: LaravelSettings): Promise<Application> {
  const site = await startSite({
    name: 'laravel',
    command: ['php'],
    script: 'laravel_site.php',
    args: [driver, timeZone],
    probe: '/login',
  });
  return {
    ...site,
    ...loginByForm(site.origin, LOGIN),
    isSignedIn: async (browser) => (await browser.get('/')).text === susan.email,
  };
}
