import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { firstPassword } from './passwords.ts';
import { openBrowser } from './browser.ts';
import { loginByAnswer, susan } from './peer.ts';
import type { LinkingSite } from './prove-native.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import { peerScript, startServer } from './process.ts';

/** One Payload, whose people are in two collections: each has a login, and Susan in it, of its own. */
export interface Payload {
  readonly users: LinkingSite;
  readonly customers: LinkingSite;
  stop(): Promise<void>;
}

/** Payload's own REST API on PostgreSQL. */
export async function startPayload(): Promise<Payload> {
  const { folder, database, port, origin, cleanUp } = await preparePeer('payload', createPostgresDatabase);
  await cp(peerScript('applications/payload/payload.js'), join(folder, 'payload.mjs'));
  await symlink(
    join(String(inject('applications')['payload']), 'node_modules'),
    join(folder, 'node_modules'),
  );
  const { stop } = await startServer({
    command: process.execPath,
    args: [join(folder, 'payload.mjs'), String(port), database.url],
    env: {
      PEER_SECRET: 'the secret of this site, long enough for its sessions',
      PEER_EMAIL: susan.email,
      PEER_PASSWORD: firstPassword,
    },
    probe: origin,
    startSeconds: 90,
    cleanUp,
  });

  const openCollection = (collection: string): LinkingSite => ({
    origin,
    folder,
    database: database.url,
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
