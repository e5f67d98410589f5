import { findFormat } from '../../src/passwords/find-format.ts';
import { transformPassword } from '../../src/passwords/transform.ts';
import type { Preset } from '../../src/users/preset.ts';

export const oldPassword = 'the old password of susan';

/** As little work as each format may be written with: the old password is not what these tests are about. */
const CHEAP: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  argon2: { memoryKiB: 19_456, passes: 2, lanes: 1 },
  bcrypt: { cost: 10 },
  'django-argon2': { memoryKiB: 19_456, passes: 2, lanes: 1 },
  'django-pbkdf2': { iterations: 600_000 },
  'passlib-pbkdf2-sha512': { iterations: 210_000 },
  'symfony-bcrypt': { cost: 10 },
};

// Slow by design, and the same on every database.
const hashed = new Map<string, Promise<string>>();

/** Its hash, as an application with this preset stores it. */
export function oldHash({ name, hashFormat, hashParameters, passwordTransform }: Preset): Promise<string> {
  const format = findFormat(hashFormat ?? 'bcrypt');
  const typed = transformPassword(oldPassword, passwordTransform ?? 'raw');
  const made =
    hashed.get(name) ?? format.hash!(typed, { parameters: { ...hashParameters, ...CHEAP[format.name] } });
  hashed.set(name, made);
  return made;
}
