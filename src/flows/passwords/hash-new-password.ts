import type { App } from '../../app.ts';
import type { FormatChoice } from '../../passwords/choose-format.ts';
import { chooseFormat } from '../../passwords/choose-format.ts';
import { hashPassword } from '../../passwords/hash.ts';
import { transformPassword } from '../../passwords/transform.ts';
import type { User } from '../../types.ts';
import { sampleHashes } from '../../users/reading/list-users.ts';
import { assertPasswordFits } from '../../users/writing/write-password.ts';

/** An accepted password in the format that this user's row asks for, and the format's name. */
export async function hashNewPassword(
  app: App,
  user: StoredPassword,
  password: string,
): Promise<{ encoded: string; format: string }> {
  const mapping = await app.mapping();
  const { format, like } = await formatFor(app, user);
  const encoded = await hashPassword(transformPassword(password, mapping.passwordTransform), {
    format: format.name,
    like,
    parameters: mapping.hashParameters,
    pepper: mapping.pepper?.reveal(),
  });
  assertPasswordFits(app.db, mapping, encoded);
  return { encoded, format: format.name };
}

/** A user's hash and, where there is a user, whose it is. */
export type StoredPassword = Pick<User, 'encoded'> & Partial<Pick<User, 'id'>>;

/**
 * In which format this user's hash is written, and why: the row's, the preset's, or what most rows have. Throws
 * config_invalid for a hash of an unknown format.
 */
export async function formatFor(app: App, { encoded, id }: StoredPassword): Promise<FormatChoice> {
  const mapping = await app.mapping();
  return chooseFormat({
    setting: mapping.hash,
    row: encoded,
    userId: id,
    preset: mapping.hashFormat,
    newest: () => sampleHashes(app.db, mapping),
  });
}
