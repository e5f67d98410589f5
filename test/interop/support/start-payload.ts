import { openBrowser } from './browser.ts';
import { loginByAnswer, susan } from './peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { startInstalled } from './start-installed.ts';

/** One Payload, whose people are in two collections: each has a login, and Susan in it, of its own. */
export interface Payload {
  readonly users: LinkingSite;
  readonly customers: LinkingSite;
  stop(): Promise<void>;
}

/** Payload's own REST API on PostgreSQL. */
export async function startPayload(): Promise<Payload> {
  const { origin, folder, database, stop } = await startInstalled('payload');
  const openCollection = (collection: string): LinkingSite => ({
    origin,
    folder,
    database,
    ...loginByAnswer(origin, {}, (browser, password) =>
      browser.postJson(`/api/${collection}/login`, { email: susan.email, password }),
    ),
    isSignedIn: async (browser) =>
      (await browser.get(`/api/${collection}/me`)).text.includes(`"email":"${susan.email}"`),
    async ownLink() {
      const browser = openBrowser(origin);
      await browser.postJson(`/api/${collection}/forgot-password`, { email: susan.email });
      return /href="([^"]+)"/.exec((await browser.get('/own_mail')).text)?.[1] ?? '';
    },
    takes: async (link, password) => {
      const token = new URL(link).pathname.split('/').at(-1);
      const body = { token, password };
      return (await openBrowser(origin).postJson(`/api/${collection}/reset-password`, body)).status === 200;
    },
    stop,
  });
  return { users: openCollection('users'), customers: openCollection('customers'), stop };
}
