import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { readSaltedDigest, saltHmac } from '../kdf/digest.ts';

/** Werkzeug also wrote md5 and sha1 so, but those strings look like Django's, which hash otherwise. */
const SHAPE = /^(sha224|sha256|sha384|sha512)\$([^$]+)\$([0-9a-f]+)$/;

/** `sha256$salt$hex`, an HMAC with the salt as its key; removed in Werkzeug 3. Read only. */
export const werkzeugPlain = defineFormat('werkzeug-plain', {
  read: readSaltedDigest(SHAPE),
  matches: (password, { algorithm, salt, key }) =>
    Promise.resolve(bytesEqual(saltHmac(algorithm, salt, password), key)),
  parameters: ({ algorithm }) => ({ digest: algorithm }),
  examples: [
    {
      encoded: 'sha256$uZsduizgi4meWu16$b2efe5b331788e537a83f168467711e3ddb26422a49ea0cb25c0b1606de7a702',
      madeBy: 'Werkzeug 2.2.2',
    },
  ],
});
