import type { Prehash } from '../../passwords/prehash.ts';
import type { PasswordScheme } from '../../users/store/password-scheme.ts';

/** What the application mixes into a password besides its salt, as the hash formats take it. */
export const mixedIn = ({
  pepper,
  prehash,
}: Pick<PasswordScheme, 'pepper' | 'prehash'>): {
  pepper: string | undefined;
  prehash: Prehash | undefined;
} => ({
  pepper: pepper?.reveal(),
  prehash: prehash && { kind: prehash.kind, key: prehash.key?.reveal() },
});
