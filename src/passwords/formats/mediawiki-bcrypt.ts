import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';

const SHAPE = /^:bcrypt:(\d{1,2})\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/;

/** MediaWiki's own spelling of bcrypt: `:bcrypt:9$salt$digest`, the cost without a leading zero. */
export const mediawikiBcrypt = defineFormat('mediawiki-bcrypt', {
  maxBytes: BCRYPT_MAX_BYTES,
  read(encoded: string) {
    const [, cost, salt, digest] = SHAPE.exec(encoded) ?? [];
    if (cost === undefined || salt === undefined || digest === undefined) return undefined;
    const inner = `$2y$${cost.padStart(2, '0')}$${salt}${digest}`;
    const parts = readBcrypt(inner);
    return parts && { ...parts, inner };
  },
  matches: (password, { inner }) => verifyBcrypt(password, inner),
  async write(password, row, options) {
    const inner = await hashBcrypt(password, { ...options, like: row?.inner });
    const [, , cost, rest = ''] = inner.split('$');
    return `:bcrypt:${Number(cost)}$${rest.slice(0, 22)}$${rest.slice(22)}`;
  },
  isWeak: isWeakBcrypt,
  parameters: ({ cost }) => ({ cost }),
  examples: [
    {
      encoded: ':bcrypt:9$DPI/NnCTB0sB6P4iO62aQu$Y8daedpE2DrCQTsjkRBILN.tXJ9znXO',
      madeBy: 'MediaWiki 1.43.11, PHP 8.4.27',
    },
  ],
});
