import type { App } from '../../app.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { getUsers } from '../../users/reading/find-user.ts';
import { acceptsPassword } from '../passwords/accepts-password.ts';

/** The hash in this user's row; null when there is none. */
export const readHash = async (app: App, id: string): Promise<string | null> =>
  (await getUsers(app.usersDb, await app.mapping(), [id])).get(id)?.encoded ?? null;

/** Does the stored hash of this user accept a password? */
export const accepts = async (app: App, id: string, password: string): Promise<boolean> =>
  acceptsPassword(await app.mapping(), await readHash(app, id), password);

/** The format of a user's stored hash, by name. */
export async function formatOf(app: App, id: string): Promise<string> {
  const { hashFormat } = await app.mapping();
  return identifyFormat((await readHash(app, id)) ?? '', hashFormat ?? undefined)?.name ?? 'unknown';
}
