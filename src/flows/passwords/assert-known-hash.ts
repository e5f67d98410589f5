import type { App } from '../../app.ts';
import { assertKnownHash as assertKnown } from '../../passwords/known-hash.ts';
import type { User } from '../../types.ts';

/**
 * Refuses a user whose stored hash no format reads, unless `users.hash` says what to write: a link would lead to a
 * password that the application might not accept. Throws config_invalid with `details.userId`.
 */
export async function assertKnownHash(
  app: App,
  { id, encoded }: Pick<User, 'id' | 'encoded'>,
): Promise<void> {
  const { hash: setting, hashFormat: preset } = await app.mapping();
  assertKnown({ encoded, userId: id, setting, preset });
}
