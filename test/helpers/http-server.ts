import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { issueLink } from '../../src/flows/links/issue-link.ts';
import { createRequestQueue, type RequestQueue } from '../../src/flows/visitors/request-queue.ts';
import { createServer } from '../../src/http/server.ts';
import { createTestApp, type TestApp, type TestAppOptions } from './create-test-app.ts';

export interface TestServer extends TestApp {
  readonly server: FastifyInstance;
  readonly queue: RequestQueue;
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** a form as a browser without script posts it */
  post(
    path: string,
    fields: Record<string, string>,
    options?: InjectOptions,
  ): Promise<LightMyRequestResponse>;
  /** a fresh link of a user, without a mail */
  issueToken(email: string): Promise<string>;
}

interface TestServerOptions extends TestAppOptions {
  /** typed addresses that find room at a time */
  readonly maxWaiting?: number;
}

/** The pages over an app of one test alone, without a port. */
export async function createTestServer({
  maxWaiting,
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const test = await createTestApp(options);
  const queue = createRequestQueue(test.app, maxWaiting);
  const server = await createServer(test.app, { queue });
  return {
    ...test,
    server,
    queue,
    get: (path, headers = {}) => server.inject({ url: path, headers }),
    post: (path, fields, inject = {}) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...inject.headers };
      return server.inject({
        ...inject,
        method: 'POST',
        url: path,
        payload: new URLSearchParams(fields).toString(),
        headers,
      });
    },
    issueToken: async (email) => {
      const { token } = await issueLink(test.app, { identifier: { email }, actor: test.app.operator });
      return token;
    },
    async close() {
      await server.close();
      await queue.drain();
      await test.close();
    },
  };
}

/** A listener with one user, and the path of her link. */
export async function createSiteWithLink(): Promise<{ site: TestServer; link: string }> {
  const site = await createTestServer();
  await site.addUser({ email: 'susan@example.com' });
  return { site, link: `/reset_password/${await site.issueToken('susan@example.com')}` };
}

/** Headers that differ from answer to answer. */
const PERSONAL = ['date', 'x-request-id'];

/** All that a visitor can see of an answer. */
export const visible = ({ statusCode, headers, body }: LightMyRequestResponse) => ({
  statusCode,
  body,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !PERSONAL.includes(name))),
});
