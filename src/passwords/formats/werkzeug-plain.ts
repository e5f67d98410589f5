import { createHmac } from 'node:crypto';
import { defineFormat } from '../define-format.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';

/** Werkzeug also wrote md5 and sha1 so, but those strings look like Django's, which hash otherwise. */
const SHAPE = /^(sha224|sha256|sha384|sha512)\$([^$]+)\$([0-9a-f]+)$/;

/** `sha256$salt$hex`, an HMAC with the salt as its key; removed in Werkzeug 3. Read only. */
export const werkzeugPlain = defineFormat({
  name: 'werkzeug-plain',
  read(encoded: string) {
    const [, digest, salt, hex] = SHAPE.exec(encoded) ?? [];
    if (digest === undefined || salt === undefined || hex === undefined) return undefined;
    return { digest, salt, key: Buffer.from(hex, 'hex') };
  },
  matches: (password, { digest, salt, key }) =>
    Promise.resolve(bytesEqual(createHmac(digest, salt).update(password).digest(), key)),
  parameters: ({ digest }) => ({ digest }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: 'sha256$uZsduizgi4meWu16$b2efe5b331788e537a83f168467711e3ddb26422a49ea0cb25c0b1606de7a702',
      madeBy: 'Werkzeug 2.2.2',
    },
  ],
});
