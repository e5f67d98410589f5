import { findFormat } from '../../src/passwords/find-format.ts';
import { transformPassword } from '../../src/passwords/transform.ts';
import type { Preset } from '../../src/users/preset.ts';

export const oldPassword = 'the old password of susan';

// Slow by design, and the same on every database.
const hashed = new Map<string, Promise<string>>();

/** Its hash, as an application with this preset stores it. */
export function oldHash({ name, hashFormat, hashParameters, passwordTransform }: Preset): Promise<string> {
  const format = findFormat(hashFormat ?? 'bcrypt');
  const typed = transformPassword(oldPassword, passwordTransform ?? 'raw');
  const made = hashed.get(name) ?? format.hash!(typed, { parameters: hashParameters });
  hashed.set(name, made);
  return made;
}
