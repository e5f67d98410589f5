import { defineFormat } from '../define-format.ts';
import { argon2Parameters, hashArgon2, isWeakArgon2, matchesArgon2, readArgon2 } from '../kdf/argon2.ts';

const PREFIX = 'argon2';
/** Django's own. */
const USUAL = { memoryKiB: 102_400, passes: 2, lanes: 8 };

/** Django's Argon2PasswordHasher: `argon2` and the PHC string; also Zulip. */
export const djangoArgon2 = defineFormat({
  name: 'django-argon2',
  read: (encoded: string) =>
    encoded.startsWith(PREFIX) ? readArgon2(encoded.slice(PREFIX.length)) : undefined,
  matches: matchesArgon2,
  write: async (password, row, options) => PREFIX + (await hashArgon2(password, row, options, USUAL)),
  isWeak: isWeakArgon2,
  parameters: argon2Parameters,
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        'argon2$argon2id$v=19$m=102400,t=2,p=8$bFF0cVRLOElFaXBtN0xTbzFreldIWQ$e71mDbrJ/VPtfUL3TYF1uR2ifGMUt1X1tkOQzdvgaI4',
      madeBy: 'Django 5.2.18',
    },
    {
      password: 'correct horse battery staple',
      encoded: 'argon2$argon2id$v=19$m=102400,t=2,p=8$d3VDblREMmxQVGp1Q3BhSldMaWh0Rg$xn1Y917whegxqYnqpaJxHg',
      madeBy: 'Django 3.2.25',
    },
  ],
});
