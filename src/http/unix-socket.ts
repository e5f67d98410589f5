import { lstat, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ResetError } from '../errors.ts';

/** Owner and group may connect: the proxy's user is put into the group. */
const UMASK = 0o117;

/** Listen on a Unix socket. Throws config_invalid when the path is taken by something that lives. Gives `unix:PATH`. */
export async function listenOnSocket(server: FastifyInstance, path: string): Promise<string> {
  await removeStale(path);
  await server.ready();
  // The mode has to be right from the first moment, so the mask is set before and not the mode after.
  const before = process.umask(UMASK);
  try {
    await server.listen({ path });
  } finally {
    process.umask(before);
  }
  return `unix:${path}`;
}

/** What a killed process left behind goes; a socket that answers, or another kind of file, stays. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket())
    throw new ResetError(
      'config_invalid',
      `${path} already exists and is not a socket. Choose another path with --host.`,
    );
  if (await isAnswered(path)) {
    throw new ResetError(
      'config_invalid',
      `Another process already listens on ${path}. Stop it, or choose another path with --host.`,
    );
  }
  await rm(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED');
    });
  });
}
