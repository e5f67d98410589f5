import { openBrowser } from './browser.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { startInstalled } from './start-installed.ts';

/** Feathers with its local authentication on PostgreSQL; people sign in by a JWT. */
export async function startFeathers(): Promise<Application> {
  const site = await startInstalled('feathers');
  const login = loginBy(async (password) => {
    const body = { strategy: 'local', email: susan.email, password };
    const { status, text } = await openBrowser(site.origin).postJson('/authentication', body);
    if (status === 401) return undefined;
    const { accessToken } = JSON.parse(text) as { accessToken?: string };
    if (accessToken === undefined) throw new Error(`Feathers answers ${status}: ${text}`);
    return openBrowser(site.origin, { authorization: `Bearer ${accessToken}` });
  });
  return { ...site, ...login, isSignedIn: async (browser) => (await browser.get('/users/1')).status === 200 };
}
