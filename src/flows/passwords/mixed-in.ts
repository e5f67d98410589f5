import type { Prehash } from '../../passwords/prehash.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';

/** What the application mixes into a password besides its salt, as the hash formats take it. */
export const mixedIn = ({
  pepper,
  prehash,
}: Pick<UsersMapping, 'pepper' | 'prehash'>): {
  pepper: string | undefined;
  prehash: Prehash | undefined;
} => ({
  pepper: pepper?.reveal(),
  prehash: prehash && { kind: prehash.kind, key: prehash.key?.reveal() },
});
