import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { firstPassword } from './passwords.ts';
import { susan } from './peer.ts';
import { createPostgresDatabase } from './postgres.ts';
import { preparePeer } from './prepare-peer.ts';
import { peerScript, startServer } from './process.ts';

/** `NAME.js` of an application of peers/applications on a database of its own on PostgreSQL; it gets the port and the database. */
export async function startInstalled(name: string, probe = '') {
  const { folder, database, port, origin, cleanUp } = await preparePeer(name, createPostgresDatabase);
  const script = join(folder, `${name}.mjs`);
  await cp(peerScript(`applications/${name}/${name}.js`), script);
  await symlink(join(String(inject('applications')[name]), 'node_modules'), join(folder, 'node_modules'));
  const { stop } = await startServer({
    command: process.execPath,
    args: [script, String(port), database.url],
    cwd: folder,
    env: {
      PEER_SECRET: 'the secret of this site, long enough for its sessions',
      PEER_NAME: susan.name,
      PEER_EMAIL: susan.email,
      PEER_PASSWORD: firstPassword,
    },
    probe: `${origin}${probe}`,
    startSeconds: 90,
    cleanUp,
  });
  return { origin, folder, database: database.url, stop };
}
