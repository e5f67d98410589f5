import { join } from 'node:path';
import { inject } from 'vitest';
import type { Page } from './browser.ts';
import { createMysqlDatabase } from './mysql.ts';
import { firstPassword } from './passwords.ts';
import { loginByAnswer, susan, type Application } from './peer.ts';
import { preparePeer } from './prepare-peer.ts';
import { ask, startServer } from './process.ts';
import type { Hasher } from './start-hasher.ts';

interface Paths {
  readonly script: string;
  readonly signIn: string;
  readonly user: string;
  /** what the page of `user` says to somebody who is signed in */
  isUser(page: Page): boolean;
}

/** Better Auth with its own tables on MariaDB and its own endpoints. */
export const startBetterAuth = (): Promise<Application> =>
  startNodePeer({
    script: 'better-auth.js',
    signIn: '/api/auth/sign-in/email',
    user: '/api/auth/get-session',
    isUser: ({ text }) => text.includes(susan.email),
  });

/** Lucia's sessions and hasher with the tables of its guide on MariaDB; it brings no endpoints. */
export const startLucia = (): Promise<Application> =>
  startNodePeer({ script: 'lucia.js', signIn: '/', user: '/', isUser: ({ status }) => status === 200 });

/** What Express, Nest and Auth.js applications hash with. */
export function bcryptjsHasher(): Hasher {
  const run = <T>(question: unknown) =>
    ask<T>(process.execPath, [join(inject('nodePeers'), 'bcryptjs.js')], question);
  return {
    hash: async (password) => (await run<{ hash: string }>({ password })).hash,
    check: async (password, hash) => (await run<{ accepted: boolean }>({ password, hash })).accepted,
  };
}

async function startNodePeer({ script, signIn, user, isUser }: Paths): Promise<Application> {
  const { folder, database, port, origin, cleanUp } = await preparePeer(
    script.replace('.js', ''),
    createMysqlDatabase,
  );
  const server = await startServer({
    command: process.execPath,
    args: [join(inject('nodePeers'), script), String(port), database.url],
    env: {
      PEER_SECRET: 'the secret of this site, long enough for its sessions',
      PEER_NAME: susan.name,
      PEER_EMAIL: susan.email,
      PEER_PASSWORD: firstPassword,
    },
    probe: origin,
    cleanUp,
  });

  return {
    origin,
    folder,
    database: database.url,
    ...loginByAnswer(origin, {}, (browser, password) =>
      browser.postJson(signIn, { email: susan.email, password }),
    ),
    isSignedIn: async (browser) => isUser(await browser.get(user)),
    stop: server.stop,
  };
}
