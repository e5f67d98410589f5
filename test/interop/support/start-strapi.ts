import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openBrowser, type Browser } from './browser.ts';
import { firstPassword } from './passwords.ts';
import { loginBy, susan, type Application } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import { peerScript, startServer } from './process.ts';

/** Strapi's content API with a user who registered there, on PostgreSQL; sessions are kept as refresh tokens. */
export async function startStrapi(): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('strapi', createPostgresDatabase);
  const modules = join(String(inject('applications')['strapi']), 'node_modules');
  await cp(peerScript('strapi'), folder, { recursive: true });
  await mkdir(join(folder, 'public/uploads'), { recursive: true });
  await symlink(modules, join(folder, 'node_modules'));
  const register = async () => {
    const { status, text } = await openBrowser(origin).postJson('/api/auth/local/register', {
      username: susan.name,
      email: susan.email,
      password: firstPassword,
    });
    if (status !== 200) throw new Error(`Strapi answers ${status} to a registration: ${text}`);
  };
  const { stop } = await startServer({
    command: process.execPath,
    args: [join(modules, '@strapi/strapi/bin/strapi.js'), 'start'],
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: database.url,
      STRAPI_TELEMETRY_DISABLED: 'true',
    },
    probe: `${origin}/_health`,
    startSeconds: 90,
    setUp: register,
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
  return {
    origin,
    folder,
    database: database.url,
    ...loginBy(tryToSignIn),
    async isSignedIn(browser) {
      const refreshToken = refreshTokens.get(browser);
      const answer = await browser.postJson('/api/auth/refresh', { refreshToken });
      if (answer.status === 200) refreshTokens.set(browser, tokenOf(answer.text));
      return answer.status === 200;
    },
    stop,
  };
}

const tokenOf = (json: string): string => (JSON.parse(json) as { refreshToken: string }).refreshToken;
