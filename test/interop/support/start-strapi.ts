import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openBrowser, type Browser } from './browser.ts';
import { tokenIn } from './mailed-link.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, loginByAnswer, susan } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { peerScript, startServer } from './process.ts';

/** Strapi's content API with a user who registered there, on PostgreSQL; sessions are kept as refresh tokens. */
export interface Strapi extends LinkingSite {
  /** the API of its admin panel, whose first user is another Susan */
  readonly admin: LinkingSite;
}

/** By the clock of `timeZone`, which its columns keep. */
export async function startStrapi(timeZone = 'UTC'): Promise<Strapi> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('strapi', createPostgresDatabase);
  const modules = join(String(inject('applications')['strapi']), 'node_modules');
  await cp(peerScript('strapi'), folder, { recursive: true });
  await mkdir(join(folder, 'public/uploads'), { recursive: true });
  await symlink(modules, join(folder, 'node_modules'));
  const { stop } = await startServer({
    command: process.execPath,
    args: [join(modules, '@strapi/strapi/bin/strapi.js'), 'start'],
    cwd: folder,
    env: {
      TZ: timeZone,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: database.url,
      STRAPI_TELEMETRY_DISABLED: 'true',
    },
    probe: `${origin}/_health`,
    startSeconds: 90,
    setUp: () => register(origin),
    cleanUp,
  });

  const refreshTokens = new WeakMap<Browser, string>();
  const tryToSignIn = async (password: string) => {
    const browser = openBrowser(origin);
    const answer = await browser.postJson('/api/auth/local', { identifier: susan.email, password });
    if (answer.text.includes('Invalid identifier or password')) return undefined;
    if (answer.status !== 200) throw new Error(`Strapi answers ${answer.status}: ${answer.text}`);
    refreshTokens.set(browser, tokenOf(answer.text));
    return browser;
  };
  const site = { origin, folder, database: database.url, stop };
  const ownMail = async () => readFile(join(folder, 'own-mail.html'), 'utf8');
  const post = (path: string, body: object) => openBrowser(origin).postJson(path, body);
  const isTaken = async (path: string, body: object) => (await post(path, body)).status === 200;
  return {
    ...site,
    ...loginBy(tryToSignIn),
    async isSignedIn(browser) {
      const refreshToken = refreshTokens.get(browser);
      const answer = await browser.postJson('/api/auth/refresh', { refreshToken });
      if (answer.status === 200) refreshTokens.set(browser, tokenOf(answer.text));
      return answer.status === 200;
    },
    async ownLink() {
      await post('/api/auth/forgot-password', { email: susan.email });
      return linkIn(await ownMail());
    },
    takes: (link, password) =>
      isTaken('/api/auth/reset-password', {
        code: tokenIn(link, 'code'),
        password,
        passwordConfirmation: password,
      }),
    admin: {
      ...site,
      ...loginByAnswer(origin, { refused: 400 }, (browser, password) =>
        browser.postJson('/admin/login', { email: susan.email, password }),
      ),
      isSignedIn: () => Promise.resolve(false),
      async ownLink() {
        await post('/admin/forgot-password', { email: susan.email });
        return linkIn(await ownMail());
      },
      takes: (link, password) =>
        isTaken('/admin/reset-password', { resetPasswordToken: tokenIn(link, 'code'), password }),
    },
  };
}

async function register(origin: string): Promise<void> {
  const people = {
    '/api/auth/local/register': { username: susan.name },
    '/admin/register-admin': { firstname: 'Susan', lastname: 'Miller' },
  };
  for (const [path, names] of Object.entries(people)) {
    const { status, text } = await openBrowser(origin).postJson(path, {
      ...names,
      email: susan.email,
      password: firstPassword,
    });
    if (status > 201) throw new Error(`Strapi answers ${status} to ${path}: ${text}`);
  }
}

const linkIn = (html: string): string => /http[^\s"<>]+\?code=\w+/.exec(html)?.[0] ?? '';

const tokenOf = (json: string): string => (JSON.parse(json) as { refreshToken: string }).refreshToken;
