import { describe, expect, it } from 'vitest';
import { readGitea, writeGitea } from '../../../src/passwords/kdf/gitea.ts';

describe("Gitea's passwd_hash_algo", () => {
  it.each(['pbkdf2$50000$50', 'argon2$2$65536$8$50', 'scrypt$65536$16$2$50'])(
    '%s is read and written',
    (text) => {
      const kdf = readGitea(text);
      expect(kdf === undefined ? '' : writeGitea(kdf)).toBe(text);
    },
  );

  it('means the first parameters where it names none', () => {
    expect(readGitea('pbkdf2')).toEqual({ kdf: 'pbkdf2', iterations: 10_000, length: 50 });
  });

  it.each(['', 'md5', 'pbkdf2$1', 'pbkdf2$x$50', 'pbkdf2$1$2$3', 'scrypt$1$2$3$4$5', 'constructor'])(
    '%j is not known',
    (text) => {
      expect(readGitea(text)).toBeUndefined();
    },
  );
});
