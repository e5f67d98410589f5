import { onTestFinished } from 'vitest';
import { createTestServer, type TestServer } from '../helpers/http-server.ts';

export const REQUEST = '/reset_password_request';

/** A listener until the test ends. */
export async function openSite(...args: Parameters<typeof createTestServer>): Promise<TestServer> {
  const site = await createTestServer(...args);
  onTestFinished(() => site.close());
  return site;
}

/** Asks for a link, with X-Forwarded-For if `from` says what is in it. */
export const ask = (site: TestServer, from?: string, remoteAddress = '127.0.0.1') =>
  site.post(
    REQUEST,
    { email: 'a@example.com' },
    { remoteAddress, ...(from && { headers: { 'x-forwarded-for': from } }) },
  );
