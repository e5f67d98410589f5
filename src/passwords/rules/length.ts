import { ResetError } from '../../errors.ts';
import type { PolicyRule } from '../policy-rule.ts';

const USUAL = 15;
const LOWEST = 8;

/** Counted in code points, so that an emoji is one character and not two (R29; NIST SP 800-63B-4 §3.1.1.2). */
export const length: PolicyRule = {
  name: 'length',
  check(password, _context, { minLength = USUAL }) {
    if (minLength < LOWEST)
      throw new ResetError('config_invalid', `password.minLength is ${minLength}; ${LOWEST} is the lowest.`);
    const actual = Array.from(password).length;
    if (actual >= minLength) return [];
    const message = `The password has ${actual} characters; at least ${minLength} are needed.`;
    return [{ code: 'too_short', params: { min: minLength, actual }, message }];
  },
};
