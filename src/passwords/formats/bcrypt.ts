import type { HashFormat } from '../hash-format.ts';
import { BCRYPT_MAX_BYTES, hashBcrypt, isWeakBcrypt, readBcrypt, verifyBcrypt } from '../kdf/bcrypt.ts';
import { unreadableHash } from '../unreadable-hash.ts';

/** `$2b$12$…`: Laravel, Rails, Devise, Express, GoTrue, Phoenix, Joomla and many more. */
export const bcrypt: HashFormat = {
  name: 'bcrypt',
  maxBytes: BCRYPT_MAX_BYTES,
  takesPepper: true,
  identifies: (encoded) => readBcrypt(encoded) !== undefined,
  async verify(password, encoded, options) {
    if (readBcrypt(encoded) === undefined) throw unreadableHash('bcrypt');
    return verifyBcrypt(password, encoded, options?.pepper);
  },
  hash: hashBcrypt,
  needsRehash: isWeakBcrypt,
  summary: (encoded) => ({ format: 'bcrypt', parameters: { ...readBcrypt(encoded) } }),
  examples: [
    {
      password: 'correct horse battery staple',
      encoded: '$2y$12$uW/qTi1DANHfLxTlNvDprOSh9roYweiCBDj5WRKPtnn5bsxTeMvUS',
      madeBy: 'Laravel 13.31, PHP 8.4',
    },
    {
      password: 'correct horse battery staple',
      encoded: '$2b$12$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqOO',
      madeBy: 'bcrypt_elixir 3.3.2',
    },
    {
      password: 'correct horse battery staple',
      encoded: '$2a$12$LJNKe804oQfotxbVjRrExeyVoz1MhGVOC0ShvHd9fLPdNkyYWGdFS',
      pepper: 'peppered-peppered-peppered-peppered-peppered-peppered-',
      madeBy: 'Devise 5.0.3 with a pepper',
    },
  ],
};
