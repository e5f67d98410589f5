import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { passlibPbkdf2Body } from '../kdf/passlib-pbkdf2.ts';

/** `$pbkdf2-sha256$N$salt$key`: what most applications on passlib have. */
export const passlibPbkdf2Sha256 = defineFormat('passlib-pbkdf2-sha256', {
  ...withPrefix('$pbkdf2-sha256$', passlibPbkdf2Body('sha256')),
  examples: [
    {
      encoded: '$pbkdf2-sha256$29000$YAwhZOydUyoFwJhzjvG.Nw$kqIX/fVeAYis75NCWwNbPmBP2Sm58Z/DTBmIVTUxhf8',
      madeBy: 'passlib 1.7.4',
    },
  ],
});
