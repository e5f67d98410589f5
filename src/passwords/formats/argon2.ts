import { defineFormat } from '../define-format.ts';
import { argon2Parameters, hashArgon2, isWeakArgon2, matchesArgon2, readArgon2 } from '../kdf/argon2.ts';

/** The PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$digest`: PHP, phpBB, Directus, Symfony and many more. */
export const argon2 = defineFormat({
  name: 'argon2',
  read: readArgon2,
  matches: matchesArgon2,
  write: hashArgon2,
  isWeak: isWeakArgon2,
  parameters: argon2Parameters,
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        '$argon2id$v=19$m=65536,t=4,p=1$eDhoL000LlpiLllyaTBNdg$Z6n6ia2F39YiTzfs2Xi1VuzqenCvhy9m+CiizkkNUCA',
      madeBy: 'Laravel 13.31, PHP 8.4.27',
    },
    {
      password: 'correct horse battery staple',
      encoded:
        '$argon2i$v=19$m=65536,t=4,p=1$ZjJkRVlhMGNpMFNCd1Z4QQ$nq6jv1GMjGrC7X/uInimQck6FD+N44QY2gLnQMFvhM4',
      madeBy: 'Laravel 13.31, PHP 8.4.27',
    },
    {
      password: 'correct horse battery staple',
      encoded:
        '$argon2id$v=19$m=65536,t=3,p=4$iBJYVepoU4wY9iCq5gUuCQ$HgdPMpFsQZN1Ke3tsPl6se4ijoi3QXD8CD5nahr3Ve0',
      madeBy: 'argon2 0.44.0, as Directus 39.2.1 calls it',
    },
  ],
});
