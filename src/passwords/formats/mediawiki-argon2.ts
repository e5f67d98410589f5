import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { argon2Body } from '../kdf/argon2.ts';

/** MediaWiki with `$wgPasswordDefault = 'argon2'`: a prefix and PHP's string. */
export const mediawikiArgon2 = defineFormat('mediawiki-argon2', {
  ...withPrefix(':argon2:', argon2Body()),
  examples: [
    {
      encoded:
        ':argon2:$argon2id$v=19$m=65536,t=4,p=1$YngzdkV5M0dXTWlqYzdCcw$H6N0A18HF6Km5OckrVIOXpAJt0NhaJHNZHpyfvqV/iQ',
      madeBy: 'MediaWiki 1.43.11, PHP 8.4.27',
    },
  ],
});
