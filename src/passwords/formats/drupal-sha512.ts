import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { hexDigest } from '../kdf/digest.ts';
import { hashPhpass, phpassDigest, readPhpass } from '../kdf/phpass.ts';

const SHAPE = /^(U?)\$S\$([./0-9A-Za-z]{52})$/;
/** Drupal 8's own, 65,536 passes; Drupal 7 wrote 15 and reads 16. */
const USUAL_LOG2 = 16;
/** Drupal cuts the whole string to 55 characters. */
const DIGEST_CHARACTERS = 43;

/** `$S$`, phpass over SHA-512: Drupal 7 to 10.0; `U$S$` is the same over an MD5 that Drupal 6 had. */
export const drupalSha512 = defineFormat('drupal-sha512', {
  maxBytes: 512,
  read(encoded: string) {
    const [, upgraded, rest] = SHAPE.exec(encoded) ?? [];
    const parts = rest === undefined ? undefined : readPhpass(rest);
    return parts && { ...parts, isOverMd5: upgraded === 'U' };
  },
  async matches(password, { isOverMd5, ...parts }) {
    const input = isOverMd5 ? hexDigest('md5', password) : password;
    return bytesEqual(await phpassDigest('sha512', input, parts, DIGEST_CHARACTERS), parts.digest);
  },
  async write(password, row, options) {
    return `$S$${await hashPhpass('sha512', password, DIGEST_CHARACTERS, { row, options, usual: USUAL_LOG2 })}`;
  },
  isWeak: ({ isOverMd5, log2 }) => isOverMd5 || log2 < USUAL_LOG2 - 1,
  parameters: ({ isOverMd5, log2 }) => ({ log2, ...(isOverMd5 && { over: 'md5' }) }),
  examples: [
    {
      encoded: '$S$D1L8tt5LvZxq9uMr0DN/WUpVYuujns4e6RZqp813nMrnLhMM7Ta3',
      madeBy: 'Drupal 11.2 (401b0999cd), its phpass module',
    },
    {
      encoded: '$S$Eh7QHmof1xyIGEAUzYk023cehZqc3QmU2vr50miDqdl31oBbQbhr',
      madeBy: 'Drupal 11.2 (401b0999cd), its phpass module',
    },
    {
      encoded: 'U$S$9HPjUHCAs.T5/0jDit325cPvcYLpwNtPeNmVazhwmfCKZ41uzJql',
      madeBy: 'Drupal 11.2 (401b0999cd), its phpass module',
    },
  ],
});
