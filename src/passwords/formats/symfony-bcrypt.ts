import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { digest } from '../kdf/digest.ts';

/** Symfony's own cost. */
const USUAL = { cost: 13, prefix: '2y' };

/** Symfony's `auto`: plain bcrypt to look at, but a password that bcrypt would cut goes through SHA-512 first. */
export const symfonyBcrypt = defineFormat({
  name: 'symfony-bcrypt',
  maxBytes: 4096,
  isLookalike: true,
  read(encoded: string) {
    const parts = readBcrypt(encoded);
    return parts && { ...parts, encoded };
  },
  matches: (password, { encoded }) => verifyBcrypt(prehash(password), encoded),
  write: (password, _row, options) => hashBcrypt(prehash(password), options, USUAL),
  isWeak: isWeakBcrypt,
  parameters: ({ prefix, cost }) => ({ prefix, cost }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: '$2y$13$3PJt5shywD4spBVnJ6nt4OfvdM0GsgcSp3Uvk38lppoPgnj.CYWce',
      madeBy: 'Symfony PasswordHasher 7.4.22, PHP 8.4.27',
    },
  ],
});

/** Of the 88 characters, bcrypt reads 72, in PHP as here. */
function prehash(password: string): string {
  const isCut = Buffer.byteLength(password) > BCRYPT_MAX_BYTES || password.includes('\0');
  return isCut ? digest('sha512', password).toString('base64').slice(0, BCRYPT_MAX_BYTES) : password;
}
