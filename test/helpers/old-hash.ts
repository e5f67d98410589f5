import { expect } from 'vitest';
import { findFormat } from '../../src/passwords/find-format.ts';
import { applyPrehash } from '../../src/passwords/prehash.ts';
import { transformPassword } from '../../src/passwords/transform.ts';
import type { Preset } from '../../src/users/preset/preset.ts';

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

/** The key of an application's HMAC, where its preset has one (`users.hash.prehashKey`). */
export const prehashKey = 'the salt of this application';

/** A password, as the hash format of an application with this preset sees it. */
export function readyPassword(preset: Preset, password: string): string {
  const transformed = transformPassword(password, preset.passwordTransform ?? 'raw');
  const prehash = preset.prehash && { kind: preset.prehash, key: prehashKey };
  return applyPrehash(transformed, prehash, findFormat(preset.hashFormat ?? 'bcrypt').maxBytes);
}

/** A password's hash, as an application with this preset stores it and verifies it. */
export function cheapHash(preset: Preset, password: string): Promise<string> {
  const { name: format } = findFormat(preset.hashFormat ?? 'bcrypt');
  const parameters = cheapParameters(preset);
  const ready = readyPassword(preset, password);
  const key = JSON.stringify([format, parameters, ready]);
  const made = hashed.get(key) ?? hashAndVerify(format, parameters, ready);
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

/** The hash of `oldPassword` in the columns that this format fills, by their roles. */
export async function oldHashParts(preset: Preset): Promise<Readonly<Record<string, string>>> {
  const encoded = await oldHash(preset);
  return findFormat(preset.hashFormat ?? 'bcrypt').columns?.split(encoded) ?? { hash: encoded };
}

/** The hash of `oldPassword`. */
export const oldHash = (preset: Preset): Promise<string> => cheapHash(preset, oldPassword);
