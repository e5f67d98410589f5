import type { App } from '../../app.ts';
import { looksCommon } from '../../passwords/common-hashes.ts';
import type { User } from '../../types.ts';

/**
 * Refuses a user whose stored hash no format reads, unless `users.hash` says what to write: a link would lead to a
 * password that the application might not accept. Throws config_invalid with `details.userId`.
 */
export async function assertKnownHash(
  app: App,
  { id, encoded }: Pick<User, 'id' | 'encoded'>,
): Promise<void> {
  const { hash: setting, hashFormat: preset } = (await app.users()).passwords;
  if (setting !== 'auto' || encoded === null || looksCommon(encoded)) return;
  // Most of what asks whether a user may reset reads no hash: the formats are loaded here.
  const { assertKnownHash: assertKnown } = await import('../../passwords/known-hash.ts');
  assertKnown({ encoded, userId: id, setting, preset });
}
