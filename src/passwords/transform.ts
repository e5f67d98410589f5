import { MAX_RAW_BYTES } from './policy-rule.ts';

import type { PasswordTransform } from '../types.ts';

/** What a login does to a typed password before hashing it (measured at the real logins). */
const TRANSFORMS = {
  raw: (password) => password,
  /** Drupal's UserLoginForm */
  trim: trimLikePhp,
  /** WordPress: its request handling adds slashes, then `wp_authenticate` trims: hashes of the raw password are refused */
  'wp-slash': (password) => trimLikePhp(addSlashes(password)),
  phpbb: (password) => escapeHtml(tidyLines(password)).normalize('NFC'),
  nfc: (password) => password.normalize('NFC'),
  nfkc: (password) => password.normalize('NFKC'),
  /** Flask-Security: SECURITY_PASSWORD_NORMALIZE_FORM */
  nfkd: (password) => password.normalize('NFKD'),
} as const satisfies Record<PasswordTransform, (password: string) => string>;

export type { PasswordTransform } from '../types.ts';

/** Every name that a preset may use. */
export const PASSWORD_TRANSFORMS = Object.keys(TRANSFORMS) as readonly PasswordTransform[];

/**
 * The password as the application's login would hash it: do this before `verifyPassword` and `hashPassword`. What is
 * above `MAX_RAW_BYTES` stays as it is (normalising it would take seconds), and those two refuse it.
 */
export const transformPassword = (password: string, transform: PasswordTransform): string =>
  Buffer.byteLength(password) > MAX_RAW_BYTES ? password : TRANSFORMS[transform](password);

/** PHP's trim knows six characters; `String.prototype.trim` would also take U+00A0, U+3000 and U+FEFF. */
function trimLikePhp(text: string): string {
  return text.replace(/^[ \t\n\r\0\x0B]+|[ \t\n\r\0\x0B]+$/g, '');
}

/** PHP's addslashes: a backslash before quotes and backslashes, NUL as the two characters `\0`. */
function addSlashes(text: string): string {
  return text.replace(/['"\\]/g, '\\$&').replaceAll('\0', '\\0');
}

/** phpBB's type_cast_helper: one kind of line break, no NUL, no byte order mark. */
function tidyLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\0\uFEFF]/g, '');
}

/** PHP's htmlspecialchars with ENT_COMPAT: single quotes stay. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
