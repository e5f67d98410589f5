import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest, hexDigest } from '../kdf/digest.ts';

const SHAPE = /^:(?:A|B:([0-9a-f]+)):([0-9a-f]{32})$/;

/** MediaWiki's `:A:md5` and `:B:salt:md5(salt-md5)`, which it replaces at the next login. Read only. */
export const mediawikiLegacy = defineFormat('mediawiki-legacy', {
  read(encoded: string) {
    const [, salt, hex] = SHAPE.exec(encoded) ?? [];
    return hex === undefined ? undefined : { salt, key: Buffer.from(hex, 'hex') };
  },
  matches(password, { salt, key }) {
    const input = salt === undefined ? password : `${salt}-${hexDigest('md5', password)}`;
    return Promise.resolve(bytesEqual(digest('md5', input), key));
  },
  parameters: () => ({ digest: 'md5' }),
  examples: [
    { encoded: ':B:5cda07e0:12b732f83edfed4d5153fbad34ff8fcd', madeBy: 'MediaWiki 1.43.11, PHP 8.4.27' },
    { encoded: ':A:9cc2ae8a1ba7a93da39b46fc1019c481', madeBy: 'MediaWiki 1.43.11, PHP 8.4.27' },
  ],
});
