import { defineFormat } from '../define-format.ts';
import { shaCryptBody } from '../kdf/sha-crypt.ts';

/** `$5$salt$…` or `$5$rounds=535000$salt$…`, crypt's SHA-256: Linux, passlib. */
export const sha256Crypt = defineFormat('sha256-crypt', {
  ...shaCryptBody('sha256'),
  examples: [
    {
      encoded: '$5$qmtnJqOKz02OUiJr$d9x8WPaVa5W1BVIFtss/1XcYJDeV7H9XZxycQOzirmA',
      madeBy: 'mkpasswd, whois 5.5.17 with libxcrypt',
    },
    {
      encoded: '$5$rounds=535000$PdA99UMHVJzr8vc2$9KqmCnpn8SYeJVzIOpFiBbC3ew3hW9PSgTeVyOE4z76',
      madeBy: 'passlib 1.7.4',
    },
  ],
});
