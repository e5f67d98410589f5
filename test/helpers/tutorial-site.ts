import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import jwt from 'jsonwebtoken';
import { onTestFinished } from 'vitest';
import { hashPassword } from '../../src/passwords/hash.ts';
import { getPreset } from '../../src/users/preset/get-preset.ts';
import { createExample } from './example-tables.ts';
import { makeSetup, susan, type Setup } from './run-reset.ts';

/** What the application signs with. */
export const SECRET_KEY = 'the SECRET_KEY of this site';

export interface TutorialSite {
  /** the setup of an operator who knows everything of the application */
  readonly setup: Setup;
  readonly origin: string;
  /** what the application stores */
  hash(): Promise<string>;
}

/** The differences from the tutorial. */
export interface Oddities {
  /** where the page is */
  readonly path?: string;
  /** what happens to a password that the application has taken */
  readonly taken?: 'thrown away' | 'written in another format';
}

const form = `<form action="" method="post"><input id="csrf_token" name="csrf_token" type="hidden" value="of this visitor&#39;s">
  <input name="remember" type="checkbox"><input name="password" type="password"><input name="password2" type="password">
  <input name="submit" type="submit" value="Request Password Reset"></form>`;

/** An application with the routes of the Flask tutorial, its own database, and cookies and CSRF as its forms have them. */
export async function startTutorialSite({
  path = '/auth/reset_password/',
  taken,
}: Oddities = {}): Promise<TutorialSite> {
  const setup = await makeSetup();
  const db = await setup.open();
  const first = await hashPassword(susan.password, { format: 'werkzeug-scrypt' });
  await createExample(db, getPreset('flask-microblog'), { hash: first });

  const ownerOf = (token: string): number | undefined => {
    try {
      const payload = jwt.verify(token, SECRET_KEY, { algorithms: ['HS256'] }) as { reset_password: number };
      return payload.reset_password;
    } catch {
      return undefined;
    }
  };
  const answer = async (
    request: IncomingMessage,
  ): Promise<{ status: number; location?: string; body: string }> => {
    const url = request.url ?? '/';
    if (url === '/')
      return { status: 200, body: '<head><title>Home</title></head><h1>Sign in to see posts</h1>' };
    if (url === '/auth/login')
      return { status: 200, body: '<form method=post><input type=password name=p></form>' };
    if (!url.startsWith(path)) return { status: 404, body: '<h1>File Not Found</h1>' };
    const id = ownerOf(url.slice(path.length));
    if (id === undefined) return { status: 302, location: '/', body: '' };
    if (request.method !== 'POST') return { status: 200, body: form };
    const given = new URLSearchParams(await text(request));
    const isOwnForm =
      given.get('csrf_token') === "of this visitor's" &&
      request.headers.cookie?.includes('session=1') === true;
    if (!isOwnForm || given.has('remember')) return { status: 400, body: 'The CSRF token is missing.' };
    const password = given.get('password') ?? '';
    if (password !== given.get('password2')) return { status: 200, body: form };
    if (taken !== 'thrown away') {
      const format = taken === undefined ? 'werkzeug-scrypt' : 'bcrypt';
      await db('user')
        .where({ id })
        .update({ password_hash: await hashPassword(password, { format }) });
    }
    return { status: 302, location: '/auth/login', body: '' };
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, location, body }) => {
      response.setHeader('set-cookie', 'session=1; Path=/; HttpOnly');
      response.writeHead(status, { 'content-type': 'text/html', ...(location && { location }) }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await setup.configure({
    baseUrl: origin,
    'users.preset': 'flask-microblog',
    'link.native': true,
    appSecret: SECRET_KEY,
  });
  return {
    setup,
    origin,
    hash: async () => ((await db('user').first('password_hash')) as { password_hash: string }).password_hash,
  };
}
