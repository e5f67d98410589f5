import { randomBytes } from 'node:crypto';
import { defineColumns } from '../columns.ts';
import { defineFormat } from '../define-format.ts';
import { SHORTEST_SALT } from '../kdf/argon2.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { deriveGitea, isWeakGitea, readGitea, renewGitea, writeGitea } from '../kdf/gitea.ts';

const columns = defineColumns('gitea', ['salt', 'algorithm', 'hash']);

/** Gitea and Forgejo: columns `passwd`, `salt` (hexadecimal) and `passwd_hash_algo` (PBKDF2, Argon2 or scrypt). */
export const gitea = defineFormat('gitea', {
  columns,
  read(encoded: string) {
    const { salt, algorithm, hash } = columns.read(encoded) ?? { salt: '', algorithm: '', hash: '' };
    const kdf = readGitea(algorithm);
    if (kdf === undefined || !/^([0-9a-f]{2})+$/.test(hash)) return undefined;
    const saltBytes = decodeSalt(salt);
    if (kdf.kdf === 'argon2' && saltBytes.length < SHORTEST_SALT) return undefined;
    return { kdf, salt: saltBytes, key: Buffer.from(hash, 'hex') };
  },
  async matches(password, { kdf, salt, key }) {
    return bytesEqual(await deriveGitea(kdf, password, salt), key);
  },
  async write(password, row, options) {
    const kdf = renewGitea(row?.kdf, options);
    const salt = randomBytes(16);
    const key = await deriveGitea(kdf, password, salt);
    const values = { salt: salt.toString('hex'), algorithm: writeGitea(kdf), hash: key.toString('hex') };
    return String(columns.join(values));
  },
  isWeak: ({ kdf }) => isWeakGitea(kdf),
  parameters: ({ kdf }) => ({ ...kdf }),
  examples: [
    {
      encoded:
        'gitea$6e59e08b7a158b55485239d6dc12eaa6$pbkdf2%2450000%2450$cfa23f6b0cdd198b6483b8e2d7c8f3d34b38506d47bfce439d390cdad412461ff8f3916ed6b37101d3d8afe9413d05792e69',
      madeBy: "Gitea's modules/auth/password/hash (002bd364)",
    },
    {
      encoded:
        'gitea$6e59e08b7a158b55485239d6dc12eaa6$argon2%242%2465536%248%2450$8a1d8708cb3f42740ca9fad55c0556a415fdf63a33d35915e288299af12667083073f2104821cf268dc96f1037ecc2b57055',
      madeBy: "Gitea's modules/auth/password/hash (002bd364)",
    },
    {
      encoded:
        'gitea$6e59e08b7a158b55485239d6dc12eaa6$scrypt%2465536%2416%242%2450$92f230e04a44c713b7ffb647e97c05a4cce39f61718e9d76c7f6513c1ddfcc012afdd1246b429db6691faddb3c5e7762e39a',
      madeBy: "Gitea's modules/auth/password/hash (002bd364)",
    },
    {
      password: 'abcdef',
      encoded:
        'gitea$aaaaaaaaaa$scrypt%2465536%2416%242%2450$3b571d0c07c62d42b7bad3dbf18fb0cd67d4d8cd4ad4c6928e1090e5b2a4a84437c6fd2627d897c0e7e65025ca62b67a0002',
      madeBy: 'Gitea, its unit tests (2b995467)',
    },
  ],
});

/** Before 1.16, salts were ten characters used as they are; since then, hexadecimal. */
const decodeSalt = (salt: string): Buffer => Buffer.from(salt, salt.length === 10 ? 'utf8' : 'hex');
