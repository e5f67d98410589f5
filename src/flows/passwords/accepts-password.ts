import { identifyFormat, verifyPassword } from '../../passwords/hash.ts';
import { transformPassword } from '../../passwords/transform.ts';
import { mixedIn } from './mixed-in.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';

/**
 * Does a stored hash accept a password as it is typed, the way the application's login reads both? False without a
 * hash, and for one of an unknown format. `format` is the one to ask first.
 */
export async function acceptsPassword(
  mapping: Pick<UsersMapping, 'hashFormat' | 'passwordTransform' | 'pepper' | 'prehash'>,
  encoded: string | null,
  typed: string,
  format = mapping.hashFormat ?? undefined,
): Promise<boolean> {
  if (encoded === null || identifyFormat(encoded, format) === undefined) return false;
  return verifyPassword(transformPassword(typed, mapping.passwordTransform), encoded, {
    format,
    ...mixedIn(mapping),
  });
}
