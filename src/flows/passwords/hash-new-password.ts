import type { App } from '../../app.ts';
import type { FormatChoice } from '../../passwords/choose-format.ts';
import { chooseFormat } from '../../passwords/choose-format.ts';
import { hashPassword } from '../../passwords/hash.ts';
import { transformPassword } from '../../passwords/transform.ts';
import type { User } from '../../types.ts';
import { mixedIn } from './mixed-in.ts';

/** A password, hashed as the application will read it. */
export interface NewHash {
  readonly encoded: string;
  /** the format's name */
  readonly format: string;
  /** below today's parameters, because the rows have it and the application may read nothing better */
  readonly isWeak: boolean;
}

/** An accepted password in the format that this user's row asks for. */
export async function hashNewPassword(app: App, user: StoredPassword, password: string): Promise<NewHash> {
  const store = await app.users();
  const { passwordTransform, hashParameters } = store.passwords;
  const { format, like } = await formatFor(app, user);
  const encoded = await hashPassword(transformPassword(password, passwordTransform), {
    format: format.name,
    like,
    parameters: hashParameters,
    ...mixedIn(store.passwords),
  });
  store.assertFits(encoded);
  return { encoded, format: format.name, isWeak: format.needsRehash(encoded) };
}

/** A user's hash and, where there is a user, whose it is. */
export type StoredPassword = Pick<User, 'encoded'> & Partial<Pick<User, 'id'>>;

/**
 * In which format this user's hash is written, and why: the row's, the preset's, or what most rows have. Throws
 * config_invalid for a hash of an unknown format.
 */
export async function formatFor(app: App, { encoded, id }: StoredPassword): Promise<FormatChoice> {
  const store = await app.users();
  return chooseFormat({
    setting: store.passwords.hash,
    row: encoded,
    userId: id,
    preset: store.passwords.hashFormat,
    newest: () => store.newestHashes(),
  });
}

/** For the operator, after a weak hash was written because only that format is sure to be readable. */
export const weaknessAdvice = ({ format, isWeak }: Pick<NewHash, 'format' | 'isWeak'>): string[] =>
  isWeak
    ? [
        `The new hash (${format}) is below today's parameters, because the rows have this format. If the application reads a better one, set users.hash.`,
      ]
    : [];
