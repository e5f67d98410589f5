import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from '../kdf/digest.ts';

const SHAPE = /^([0-9a-f]{32}):([A-Za-z0-9]{1,64})$/;

/** `md5:salt` of Joomla up to 3.1, which later ones replace at the next login. Read only. */
export const joomlaMd5 = defineFormat('joomla-md5', {
  read(encoded: string) {
    const [, hex, salt] = SHAPE.exec(encoded) ?? [];
    return hex === undefined || salt === undefined ? undefined : { salt, key: Buffer.from(hex, 'hex') };
  },
  matches: (password, { salt, key }) => Promise.resolve(bytesEqual(digest('md5', password + salt), key)),
  parameters: () => ({ digest: 'md5' }),
  examples: [
    {
      encoded: '20ac52beb68b986ce81812e2b291d5ae:01cda843461f85fd0b619f7d01ecfb4c',
      madeBy: "Joomla's MD5Handler.php",
    },
  ],
});
