import type { PolicyRule } from '../policy-rule.ts';

/**
 * NUL ends the password early in some logins, lone surrogates hash like U+FFFD (R32), and a password field sends no
 * line break: none of the control characters can be relied on, so all of them are refused.
 */
const NOT_TEXT = /[\p{Cc}\p{Surrogate}]/u;

/** Refuses what a login form cannot send back the same. */
export const text: PolicyRule = {
  name: 'text',
  check: (password) => (NOT_TEXT.test(password) ? [violation] : []),
};

const violation = {
  code: 'not_text',
  params: {},
  message:
    'The password contains a control character or half of a character (NUL, line break, lone surrogate).',
} as const;
