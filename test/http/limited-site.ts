import { expect, onTestFinished } from 'vitest';
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

/** R52: this many requests for a link, from many addresses, write nothing to the users table. */
export async function expectUsersUntouched(requests: number): Promise<void> {
  const site = await openSite();
  await site.addUser({ email: 'susan@example.com' });
  const before = await site.dump('users');
  for (let count = 0; count < requests; count += 1) {
    await site.post(REQUEST, { email: 'susan@example.com' }, { remoteAddress: `192.0.2.${count % 250}` });
  }
  await site.queue.drain();
  expect(await site.dump('users')).toBe(before);
}
