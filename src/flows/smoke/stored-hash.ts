import type { App } from '../../app.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { acceptsPassword } from '../passwords/accepts-password.ts';

/** The stored hash of this user; null when there is none. */
export const readHash = async (app: App, id: string): Promise<string | null> =>
  (await (await app.users()).get([id])).get(id)?.encoded ?? null;

/** Does the stored hash of this user accept a password? */
export const accepts = async (app: App, id: string, password: string): Promise<boolean> =>
  acceptsPassword((await app.users()).passwords, await readHash(app, id), password);

/** The format of a user's stored hash, by name. */
export async function formatOf(app: App, id: string): Promise<string> {
  const { hashFormat } = (await app.users()).passwords;
  return identifyFormat((await readHash(app, id)) ?? '', hashFormat ?? undefined)?.name ?? 'unknown';
}
