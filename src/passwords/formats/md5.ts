import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from '../kdf/digest.ts';

/** A bare MD5 in hexadecimal: WordPress before 2.5, Django's unsalted_md5. Read only. */
export const md5 = defineFormat('md5', {
  read: (encoded: string) =>
    /^[0-9a-f]{32}$/.test(encoded) ? { key: Buffer.from(encoded, 'hex') } : undefined,
  matches: (password, { key }) => Promise.resolve(bytesEqual(digest('md5', password), key)),
  parameters: () => ({ digest: 'md5' }),
  examples: [{ encoded: '9cc2ae8a1ba7a93da39b46fc1019c481', madeBy: 'Django 3.2.25' }],
});
