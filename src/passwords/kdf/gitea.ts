import type { HashOptions } from '../hash-format.ts';
import { chooseCost, wantedNumber } from '../parameters.ts';
import { argon2Key, chooseArgon2, isWeakArgon2 } from './argon2.ts';
import type { Argon2Cost } from './argon2.ts';
import { isWeakPbkdf2, pbkdf2, PBKDF2_FLOOR } from './pbkdf2.ts';
import { chooseScrypt, isWeakScrypt, scrypt } from './scrypt.ts';
import type { ScryptCost } from './scrypt.ts';

/** What `passwd_hash_algo` says: `pbkdf2$N$length`, `argon2$passes$KiB$lanes$length`, `scrypt$n$r$p$length`. */
export type GiteaKdf = { readonly length: number } & (
  | { readonly kdf: 'pbkdf2'; readonly iterations: number }
  | ({ readonly kdf: 'argon2' } & Argon2Cost)
  | ({ readonly kdf: 'scrypt' } & ScryptCost)
);

const LENGTH = 50;
/**
 * What a name without parameters means: rows from before the parameters were written down (Gitea's `NewPBKDF2Hasher`
 * …).
 */
const BARE = new Map([
  ['pbkdf2', 'pbkdf2$10000$50'],
  ['argon2', 'argon2$2$65536$8$50'],
  ['scrypt', 'scrypt$65536$16$2$50'],
]);

export function readGitea(algorithm: string): GiteaKdf | undefined {
  const [kdf, ...rest] = (BARE.get(algorithm) ?? algorithm).split('$');
  const [a = 0, b = 0, c = 0, d = 0, ...others] = rest.map(Number);
  if (others.length > 0 || rest.some((field) => !/^\d{1,8}$/.test(field))) return undefined;
  if (kdf === 'pbkdf2' && rest.length === 2) return { kdf, iterations: a, length: b };
  if (kdf === 'argon2' && rest.length === 4) return { kdf, passes: a, memoryKiB: b, lanes: c, length: d };
  if (kdf === 'scrypt' && rest.length === 4) return { kdf, n: a, r: b, p: c, length: d };
  return undefined;
}

export function writeGitea(kdf: GiteaKdf): string {
  switch (kdf.kdf) {
    case 'pbkdf2':
      return ['pbkdf2', kdf.iterations, kdf.length].join('$');
    case 'argon2':
      return ['argon2', kdf.passes, kdf.memoryKiB, kdf.lanes, kdf.length].join('$');
    case 'scrypt':
      return ['scrypt', kdf.n, kdf.r, kdf.p, kdf.length].join('$');
  }
}

/** The raw key. */
export async function deriveGitea(kdf: GiteaKdf, password: string, salt: Buffer): Promise<Buffer> {
  switch (kdf.kdf) {
    case 'pbkdf2':
      return pbkdf2(password, salt, kdf.iterations, kdf.length, 'sha256');
    case 'argon2':
      return argon2Key(password, { type: 'argon2id', salt, ...kdf }, kdf.length);
    case 'scrypt':
      return scrypt(password, salt, kdf, kdf.length);
  }
}

/** The row's function with its cost or more; PBKDF2, Gitea's default, where there is no row. */
export function renewGitea(row: GiteaKdf | undefined, options: HashOptions): GiteaKdf {
  switch (row?.kdf) {
    case 'argon2':
      return { kdf: 'argon2', ...chooseArgon2(options, row, row), length: LENGTH };
    case 'scrypt':
      return { kdf: 'scrypt', ...chooseScrypt(options, row, row), length: LENGTH };
    case 'pbkdf2':
    case undefined: {
      const wanted = wantedNumber(options, 'iterations');
      const floor = PBKDF2_FLOOR.sha256;
      return { kdf: 'pbkdf2', iterations: chooseCost(wanted, row?.iterations, floor, floor), length: LENGTH };
    }
  }
}

export function isWeakGitea(kdf: GiteaKdf): boolean {
  switch (kdf.kdf) {
    case 'pbkdf2':
      return isWeakPbkdf2('sha256', kdf.iterations);
    case 'argon2':
      return isWeakArgon2(kdf);
    case 'scrypt':
      return isWeakScrypt(kdf);
  }
}
