import { afterEach } from 'vitest';
import { issueLink } from '../../src/flows/links/issue-link.ts';
import { startListener, type Listener } from '../../src/http/listen.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../helpers/create-test-app.ts';

/** Listeners on ports of their own, which end with each test. */
export function listeners() {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(
    options: TestAppOptions = {},
  ): Promise<TestApp & { listener: Listener; port: number }> {
    const test = await createTestApp({ ...options, config: { 'server.port': 0, ...options.config } });
    closers.push(() => test.close());
    const listener = await startListener(test.app);
    closers.push(() => listener.close());
    return { ...test, listener, port: Number(new URL(listener.url).port) };
  }

  async function linkFor(test: TestApp): Promise<string> {
    await test.addUser({ email: 'susan@example.com' });
    const { token } = await issueLink(test.app, {
      identifier: { email: 'susan@example.com' },
      actor: test.app.operator,
    });
    return `/reset_password/${token}`;
  }

  const post = (base: string, path: string, fields: Record<string, string>) =>
    fetch(`${base}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

  return { start, linkFor, post, closers };
}
