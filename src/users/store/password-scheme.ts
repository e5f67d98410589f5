import type { PasswordTransform } from '../../types.ts';
import type { PrehashKind } from '../../values/prehash-kinds.ts';
import type { Secret } from '../../values/secret.ts';

/** How the application makes a hash of a password, so that a new one is made in the way its login reads. */
export interface PasswordScheme {
  /** `auto`, or the format that the operator wants */
  readonly hash: string;
  readonly hashFormat: string | null;
  readonly hashParameters: Readonly<Record<string, string | number>>;
  readonly pepper: Secret<string> | undefined;
  /** what happens to a password before the format sees it; the key is that of an HMAC */
  readonly prehash: { readonly kind: PrehashKind; readonly key: Secret<string> | undefined } | undefined;
  readonly passwordTransform: PasswordTransform;
  readonly normalize: 'none' | 'nfc' | 'nfkc';
  /** longest password that the application's own forms take, in characters */
  readonly maxLength: number | undefined;
}
