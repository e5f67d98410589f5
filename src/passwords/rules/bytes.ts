import { MAX_RAW_BYTES } from '../policy-rule.ts';
import type { PolicyRule } from '../policy-rule.ts';

/** Refused rather than cut: a format that drops the rest accepts every password that begins alike (R30, R31). */
export const bytes: PolicyRule = {
  name: 'bytes',
  check(password, _context, { maxBytes = MAX_RAW_BYTES }) {
    const limit = Math.min(maxBytes, MAX_RAW_BYTES);
    const actual = Buffer.byteLength(password);
    if (actual <= limit) return [];
    const message = `The password has ${actual} bytes; at most ${limit} can be kept (a letter with an accent has 2, an emoji 4).`;
    return [{ code: 'too_long', params: { maxBytes: limit, bytes: actual }, message }];
  },
};
