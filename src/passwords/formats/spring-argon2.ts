import { defineFormat } from '../define-format.ts';
import { withTag } from '../hash-body.ts';
import { argon2Body } from '../kdf/argon2.ts';

const SHAPE = /^(\{argon2(?:@SpringSecurity_v5_8)?\})(.*)$/;
const TODAY = '{argon2@SpringSecurity_v5_8}';
/** The least of R37; Spring's own 16 MiB are below it, and Spring reads any. */
const USUAL = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** Spring Security's delegating encoder with Argon2, of before and after 5.8. */
export const springArgon2 = defineFormat('spring-argon2', {
  ...withTag(SHAPE, TODAY, argon2Body(USUAL)),
  examples: [
    {
      encoded:
        '{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$1raZ547lQhADRkJc8zHq/g$2T8FFOsVCGxtKQH3vNGWlJpJwj0mNVsdzNjwD0WLMP8',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
    {
      encoded:
        '{argon2}$argon2id$v=19$m=4096,t=3,p=1$6XLxncw/oOVryOh1z52MXg$nFnr7Sd3N33xZOmZHkGbK1B3amw/KXatxki75SizDLY',
      madeBy: 'Spring Security 7.1 (d449950b36)',
    },
  ],
});
