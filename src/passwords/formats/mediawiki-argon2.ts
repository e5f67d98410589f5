import { defineFormat } from '../define-format.ts';
import { argon2Parameters, hashArgon2, isWeakArgon2, matchesArgon2, readArgon2 } from '../kdf/argon2.ts';
import { withoutPrefix } from '../without-prefix.ts';

const PREFIX = ':argon2:';

/** MediaWiki with `$wgPasswordDefault = 'argon2'`: a prefix and PHP's string. */
export const mediawikiArgon2 = defineFormat({
  name: 'mediawiki-argon2',
  read: (encoded: string) => readArgon2(withoutPrefix(encoded, PREFIX)),
  matches: matchesArgon2,
  write: async (password, row, options) => PREFIX + (await hashArgon2(password, row, options)),
  isWeak: isWeakArgon2,
  parameters: argon2Parameters,
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        ':argon2:$argon2id$v=19$m=65536,t=4,p=1$YngzdkV5M0dXTWlqYzdCcw$H6N0A18HF6Km5OckrVIOXpAJt0NhaJHNZHpyfvqV/iQ',
      madeBy: 'MediaWiki 1.43.11, PHP 8.4.27',
    },
  ],
});
