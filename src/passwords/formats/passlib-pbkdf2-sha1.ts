import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { passlibPbkdf2Body } from '../kdf/passlib-pbkdf2.ts';

/** `$pbkdf2$N$salt$key`: passlib with SHA-1. */
export const passlibPbkdf2Sha1 = defineFormat('passlib-pbkdf2-sha1', {
  ...withPrefix('$pbkdf2$', passlibPbkdf2Body('sha1')),
  examples: [
    { encoded: '$pbkdf2$131000$q5Wydg7B2Pt/j1Fq7Z1zLg$Y8UuH8FyBRX/stRufPVaGyfP3vE', madeBy: 'passlib 1.7.4' },
  ],
});
