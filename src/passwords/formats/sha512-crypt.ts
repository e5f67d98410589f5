import { defineFormat } from '../define-format.ts';
import { shaCryptBody } from '../kdf/sha-crypt.ts';

/** `$6$rounds=10000$salt$…`, crypt's SHA-512: Moodle from 4.3, which appends its pepper to the password; Linux. */
export const sha512Crypt = defineFormat('sha512-crypt', {
  ...shaCryptBody('sha512'),
  takesPepper: true,
  examples: [
    {
      encoded:
        '$6$rounds=10000$ebmjj4zjr93A6MjQ$cZsFoALAf0Xfl4Pj7c.VxTm6MKllLCvDwg69RFYKdhhCwdU0plnVHfuB0mgHvGrta9nngiq8vUfqMmiQFegPI.',
      madeBy: "Moodle's moodlelib.php (02786e77), PHP 8.4.27",
    },
  ],
});
