import { identifyFormat, verifyPassword } from '../../passwords/hash.ts';
import { transformPassword } from '../../passwords/transform.ts';
import { mixedIn } from './mixed-in.ts';
import type { PasswordScheme } from '../../users/store/password-scheme.ts';

/**
 * Does a stored hash accept a password as it is typed, the way the application's login reads both? False without a
 * hash, and for one of an unknown format. `format` is the one to ask first.
 */
export async function acceptsPassword(
  scheme: Pick<PasswordScheme, 'hashFormat' | 'passwordTransform' | 'pepper' | 'prehash'>,
  encoded: string | null,
  typed: string,
  format = scheme.hashFormat ?? undefined,
): Promise<boolean> {
  if (encoded === null || identifyFormat(encoded, format) === undefined) return false;
  return verifyPassword(transformPassword(typed, scheme.passwordTransform), encoded, {
    format,
    ...mixedIn(scheme),
  });
}
