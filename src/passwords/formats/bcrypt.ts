import { defineFormat } from '../define-format.ts';
import { BCRYPT_MAX_BYTES, bcryptBody } from '../kdf/bcrypt.ts';

/** `$2b$12$…`: Laravel, Rails, Devise, Express, GoTrue, Phoenix, Joomla and many more. */
export const bcrypt = defineFormat('bcrypt', {
  ...bcryptBody(),
  maxBytes: BCRYPT_MAX_BYTES,
  takesPepper: true,
  examples: [
    {
      encoded: '$2y$12$uW/qTi1DANHfLxTlNvDprOSh9roYweiCBDj5WRKPtnn5bsxTeMvUS',
      madeBy: 'Laravel 13.31, PHP 8.4.27',
    },
    {
      encoded: '$2b$12$yxfSS9GV4KRGRbZ/krr9kuLHNtJopaYxshfHryYDdZuC4E1yeyqOO',
      madeBy: 'bcrypt_elixir 3.3.2',
    },
    {
      encoded: '$2a$12$LJNKe804oQfotxbVjRrExeyVoz1MhGVOC0ShvHd9fLPdNkyYWGdFS',
      pepper: 'peppered-peppered-peppered-peppered-peppered-peppered-',
      madeBy: 'Devise 5.0.3 with a pepper',
    },
  ],
});
