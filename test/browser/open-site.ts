import { startListener, type Listener } from '../../src/http/listen.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../helpers/create-test-app.ts';
import { findFreePort } from '../helpers/free-port.ts';

export interface Site extends TestApp {
  /** the base URL, which is the listener's real address */
  readonly url: string;
  /** the link of the newest mail */
  newestLink(): string;
}

/** A listener on loopback whose base URL is its own address, as a browser needs it. */
export async function openSite(options: TestAppOptions = {}): Promise<Site> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const test = await createTestApp({
    ...options,
    config: { baseUrl: url, 'server.port': port, ...options.config },
  });
  const listener: Listener = await startListener(test.app);
  return {
    ...test,
    url,
    newestLink: () =>
      /http:\S+\/reset_password\/\S+/.exec(test.mailbox?.messages.at(-1)?.parsed.text ?? '')?.[0] ?? '',
    async close() {
      await listener.close();
      await test.close();
    },
  };
}
