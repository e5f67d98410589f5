import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, bcryptBody } from '../kdf/bcrypt.ts';
import { digest } from '../kdf/digest.ts';

/** Symfony's `auto`: plain bcrypt to look at, but a password that bcrypt would cut goes through SHA-512 first. */
export const symfonyBcrypt = defineFormat('symfony-bcrypt', {
  ...bcryptBody({ prehash, usual: { cost: 13, prefix: '2y' } }),
  maxBytes: 4096,
  isLookalike: true,
  examples: [
    {
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
