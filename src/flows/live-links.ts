import type { App } from '../app.ts';
import { matchesFingerprint } from '../tokens/fingerprint.ts';
import type { TokenRow } from '../tokens/token-store.ts';
import { tokensOf } from '../tokens/tokens-of.ts';
import type { User } from '../types.ts';

/** What can still be done with a token. `dead`: its state says live, but password, address or key changed since. */
export type LinkFate = 'live' | 'expired' | 'used' | 'revoked' | 'dead';

export interface Link {
  readonly row: TokenRow;
  readonly fate: LinkFate;
}

/** Every link that a user was ever given, oldest first, with what became of it. */
export async function linksOf(app: App, user: User): Promise<Link[]> {
  const rows = await tokensOf(app.db, user.id);
  const keys = app.config.secrets.length === 0 ? undefined : (await app.keyring()).all;
  const nowS = Math.floor(app.clock.now() / 1000);
  const fateOf = (row: TokenRow): LinkFate => {
    if (row.state !== 'live') return row.state;
    const key = keys?.get(row.kid);
    // Without the secret nobody can say whether it still fits the user.
    if (keys !== undefined && (!key || !matchesFingerprint(key, user, row.fp))) return 'dead';
    return row.exp <= nowS ? 'expired' : 'live';
  };
  return rows.map((row) => ({ row, fate: fateOf(row) }));
}
