import { openBrowser } from './browser.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { startInstalled } from './start-installed.ts';

const APP = { 'x-parse-application-id': 'interop' };

/** Parse Server's own REST API on PostgreSQL. */
export async function startParse(): Promise<Application> {
  const site = await startInstalled('parse');
  const login = loginBy(async (password) => {
    const body = { username: susan.name, password };
    const { status, text } = await openBrowser(site.origin, APP).postJson('/parse/login', body);
    if (text.includes('Invalid username/password')) return undefined;
    const { sessionToken } = JSON.parse(text) as { sessionToken?: string };
    if (sessionToken === undefined) throw new Error(`Parse Server answers ${status}: ${text}`);
    return openBrowser(site.origin, { ...APP, 'x-parse-session-token': sessionToken });
  });
  return {
    ...site,
    ...login,
    isSignedIn: async (browser) => (await browser.get('/parse/users/me')).status === 200,
  };
}
