import { defineFormat } from '../define-format.ts';
import { withPrefix } from '../hash-body.ts';
import { argon2Body } from '../kdf/argon2.ts';

/** Django's Argon2PasswordHasher: `argon2` and the PHC string, with Django's own cost; also Zulip. */
export const djangoArgon2 = defineFormat('django-argon2', {
  ...withPrefix('argon2', argon2Body({ memoryKiB: 102_400, passes: 2, lanes: 8 })),
  examples: [
    {
      encoded:
        'argon2$argon2id$v=19$m=102400,t=2,p=8$bFF0cVRLOElFaXBtN0xTbzFreldIWQ$e71mDbrJ/VPtfUL3TYF1uR2ifGMUt1X1tkOQzdvgaI4',
      madeBy: 'Django 5.2.18',
    },
    {
      encoded: 'argon2$argon2id$v=19$m=102400,t=2,p=8$d3VDblREMmxQVGp1Q3BhSldMaWh0Rg$xn1Y917whegxqYnqpaJxHg',
      madeBy: 'Django 3.2.25',
    },
  ],
});
