import { randomBytes } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { chooseIterations, pbkdf2, pbkdf2Rows } from '../kdf/pbkdf2.ts';

const SHAPE =
  /^:pbkdf2:(sha1|sha256|sha512):(\d{1,8}):(\d{1,3}):([A-Za-z0-9+/]+={0,2}):([A-Za-z0-9+/]+={0,2})$/;
const BYTES = 64;

/** MediaWiki's default, `:pbkdf2:sha512:N:length:salt:key`. It writes 30,000 passes and reads any number. */
export const mediawikiPbkdf2 = defineFormat('mediawiki-pbkdf2', {
  ...pbkdf2Rows,
  read(encoded: string) {
    const [, digest, iterations, length, salt, key] = SHAPE.exec(encoded) ?? [];
    if (digest === undefined || salt === undefined || key === undefined) return undefined;
    const parts = { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
    return parts.key.length === Number(length)
      ? { ...parts, digest, iterations: Number(iterations) }
      : undefined;
  },
  async write(password, row, options) {
    const digest = row?.digest === 'sha256' ? 'sha256' : 'sha512';
    const iterations = chooseIterations(options, row, digest);
    const salt = randomBytes(16);
    const key = await pbkdf2(password, salt, iterations, BYTES, digest);
    return `:pbkdf2:${digest}:${iterations}:${BYTES}:${salt.toString('base64')}:${key.toString('base64')}`;
  },
  examples: [
    {
      encoded:
        ':pbkdf2:sha512:30000:64:6Db5Iv2j+Qve0ai9TxpEbQ==:zj5n2Lb+O1M9F42b++ZNiF/m360qw7Dt52xp/nipKhn2f0HRFWSgoQInytw8srRS3IXoCKQfYODTiKJxfXsngg==',
      madeBy: 'MediaWiki 1.43.11, PHP 8.4.27',
    },
  ],
});
