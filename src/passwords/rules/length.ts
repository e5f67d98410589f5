import { ResetError } from '../../errors.ts';
import type { PolicyRule } from '../policy-rule.ts';

const USUAL = 15;
const LOWEST = 8;

/**
 * The least is counted in code points, so that an emoji is one character and not two (R29; NIST SP 800-63B-4 §3.1.1.2).
 * The most is counted as the `maxlength` of a form counts, which no other counting exceeds: what is beyond it, the
 * application's own login would cut off or refuse (R31).
 */
export const length: PolicyRule = {
  name: 'length',
  check(password, _context, { minLength = USUAL, maxLength = Infinity }) {
    if (minLength < LOWEST)
      throw new ResetError('config_invalid', `password.minLength is ${minLength}; ${LOWEST} is the lowest.`);
    if (password.length > maxLength) {
      const message = `The password has ${password.length} characters; the application's own forms accept ${maxLength}.`;
      return [{ code: 'too_long', params: { max: maxLength, actual: password.length }, message }];
    }
    const actual = Array.from(password).length;
    if (actual >= minLength) return [];
    const message = `The password has ${actual} characters; at least ${minLength} are needed.`;
    return [{ code: 'too_short', params: { min: minLength, actual }, message }];
  },
};
