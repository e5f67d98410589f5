import { defineFormat } from '../define-format.ts';
import { argon2Body } from '../kdf/argon2.ts';

/**
 * The PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$digest`: PHP, phpBB, Directus, Symfony and many more. AdonisJS has
 * the parameters in another order, and old releases of node-argon2 have no version.
 */
export const argon2 = defineFormat('argon2', {
  ...argon2Body(),
  examples: [
    {
      encoded:
        '$argon2id$v=19$m=65536,t=4,p=1$eDhoL000LlpiLllyaTBNdg$Z6n6ia2F39YiTzfs2Xi1VuzqenCvhy9m+CiizkkNUCA',
      madeBy: 'Laravel 13.31, PHP 8.4.27',
    },
    {
      encoded:
        '$argon2i$v=19$m=65536,t=4,p=1$ZjJkRVlhMGNpMFNCd1Z4QQ$nq6jv1GMjGrC7X/uInimQck6FD+N44QY2gLnQMFvhM4',
      madeBy: 'Laravel 13.31, PHP 8.4.27',
    },
    {
      encoded:
        '$argon2id$v=19$m=65536,t=3,p=4$iBJYVepoU4wY9iCq5gUuCQ$HgdPMpFsQZN1Ke3tsPl6se4ijoi3QXD8CD5nahr3Ve0',
      madeBy: 'argon2 0.44.0, as Directus 39.2.1 calls it',
    },
    {
      encoded:
        '$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$fdigDfq+C9m+G70BsjrAsfMKgB8bP/Q4hLHE8BprSno',
      madeBy: 'argon2-cffi 21.1.0, version 1.0',
    },
    {
      encoded: '$argon2i$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$fdigDfq+C9m+G70BsjrAsfMKgB8bP/Q4hLHE8BprSno',
      madeBy: 'argon2-cffi 21.1.0, which verifies it without its version as well',
    },
    {
      encoded:
        '$argon2i$v=19$t=2,m=256,p=1$c29tZXNhbHRzb21lc2FsdA$oQ+B44tkfUkhn3OdlNJeDpFxHuGWEIpR9p/unXn7R8M',
      madeBy: 'argon2-cffi 21.1.0, its parameters in the order of @phc/argon2 3.0 (AdonisJS)',
    },
    {
      encoded:
        '$argon2i$v=19$m=256,t=2,p=1,keyid=Zm9v$c29tZXNhbHRzb21lc2FsdA$oQ+B44tkfUkhn3OdlNJeDpFxHuGWEIpR9p/unXn7R8M',
      madeBy: 'argon2-cffi 21.1.0, with a key id behind the parameters',
    },
  ],
});
