import { expect } from 'vitest';
import { findFormat } from '../../src/passwords/find-format.ts';
import { transformPassword } from '../../src/passwords/transform.ts';
import type { Preset } from '../../src/users/preset.ts';

export const oldPassword = 'the old password of susan';

/** As little work as each format may be written with: the hash is not what these tests are about. */
const CHEAP: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  argon2: { memoryKiB: 19_456, passes: 2, lanes: 1 },
  bcrypt: { cost: 10 },
  'django-argon2': { memoryKiB: 19_456, passes: 2, lanes: 1 },
  'django-pbkdf2': { iterations: 600_000 },
  'passlib-pbkdf2-sha512': { iterations: 210_000 },
  'symfony-bcrypt': { cost: 10 },
};

// Slow by design: what two presets store alike is made once.
const hashed = new Map<string, Promise<string>>();

/** The parameters of this preset, with as little work as may be. */
export const cheapParameters = ({ hashFormat, hashParameters }: Preset) => ({
  ...hashParameters,
  ...CHEAP[hashFormat ?? 'bcrypt'],
});

/** A password's hash, as an application with this preset stores it and verifies it. */
export function cheapHash(preset: Preset, password: string): Promise<string> {
  const { name: format } = findFormat(preset.hashFormat ?? 'bcrypt');
  const parameters = cheapParameters(preset);
  const transformed = transformPassword(password, preset.passwordTransform ?? 'raw');
  const key = JSON.stringify([format, parameters, transformed]);
  const made = hashed.get(key) ?? hashAndVerify(format, parameters, transformed);
  hashed.set(key, made);
  return made;
}

async function hashAndVerify(
  name: string,
  parameters: ReturnType<typeof cheapParameters>,
  password: string,
): Promise<string> {
  const format = findFormat(name);
  const encoded = await format.hash!(password, { parameters });
  expect(await format.verify(password, encoded)).toBe(true);
  return encoded;
}

/** The hash of `oldPassword`. */
export const oldHash = (preset: Preset): Promise<string> => cheapHash(preset, oldPassword);
