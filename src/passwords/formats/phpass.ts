import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { hashPhpass, phpassDigest, readPhpass } from '../kdf/phpass.ts';

const SHAPE = /^\$([PH])\$([./0-9A-Za-z]{31})$/;
/** WordPress' own, 8,192 passes. */
const USUAL_LOG2 = 13;
const DIGEST_CHARACTERS = 22;

/** phpass over MD5: `$P$` of WordPress before 6.8 and Joomla, `$H$` of phpBB 3.0. Written where a row has it. */
export const phpass = defineFormat('phpass', {
  maxBytes: 4096,
  read(encoded: string) {
    const [, letter, rest] = SHAPE.exec(encoded) ?? [];
    const parts = rest === undefined ? undefined : readPhpass(rest);
    return parts && letter !== undefined ? { ...parts, letter } : undefined;
  },
  async matches(password, parts) {
    return bytesEqual(await phpassDigest('md5', password, parts, DIGEST_CHARACTERS), parts.digest);
  },
  async write(password, row, options) {
    const letter = row?.letter ?? 'P';
    return `$${letter}$${await hashPhpass('md5', password, DIGEST_CHARACTERS, { row, options, usual: USUAL_LOG2 })}`;
  },
  isWeak: ({ log2 }) => log2 < USUAL_LOG2,
  parameters: ({ letter, log2 }) => ({ prefix: letter, log2 }),
  examples: [
    { encoded: '$P$B3OpGaIiM24QE8Nr1VtgZ7gFBNfY8D1', madeBy: 'WordPress 7.1.4' },
    { encoded: '$H$9AXIEh2obvSNNvfoN1gK8aX4v8IL1o0', madeBy: 'phpBB 3.3 (7ca0ec3cca)' },
  ],
});
