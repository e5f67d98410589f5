import { openBrowser } from './browser.ts';
import { mailedLink, startWithMailbox, tokenIn } from './mailed-link.ts';
import { loginByForm, susan, type LoginForm } from './peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { startSite } from './start-site.ts';

const LOGIN: LoginForm = {
  path: '/login',
  refusal: 'Invalid user or password',
  token: 'authenticity_token',
  fields: (password) => ({ username: susan.name, password }),
};

/** Redmine as Debian packages it, with its own migrations, its own pages and its own mails, on SQLite. */
export async function startRedmine(timeZone = 'UTC'): Promise<LinkingSite> {
  const site = await startWithMailbox(({ port }) =>
    startSite({
      name: 'redmine',
      command: ['ruby'],
      script: 'redmine_site.rb',
      env: { TZ: timeZone, PEER_MAIL_PORT: String(port) },
      probe: '/login',
      // Its three hundred migrations run first.
      startSeconds: 100,
    }),
  );
  const { origin, folder, database, stop } = site;
  return {
    origin,
    folder,
    database,
    stop,
    ...loginByForm(origin, LOGIN),
    isSignedIn: async (browser) => (await browser.get('/my/account')).status === 200,
    ownLink: () =>
      mailedLink(site, /http\S+lost_password\?token=\w+/, async () => {
        const browser = openBrowser(origin);
        const form = await browser.get(LOST);
        const authenticity_token = form.field('authenticity_token');
        await browser.post(LOST, { authenticity_token, mail: susan.email });
      }),
    async takes(link, password) {
      const browser = openBrowser(origin);
      const { location = '' } = await browser.get(link);
      if (!location.endsWith(LOST)) return false;
      const form = await browser.get(location);
      const hidden = { authenticity_token: form.field('authenticity_token'), token: tokenIn(link) };
      const answer = await browser.post(LOST, {
        ...hidden,
        new_password: password,
        new_password_confirmation: password,
      });
      return answer.location?.endsWith('/login') === true;
    },
  };
}

const LOST = '/account/lost_password';
