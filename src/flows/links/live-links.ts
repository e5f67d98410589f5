import type { App } from '../../app.ts';
import type { Verdict } from '../../native/issuer.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { tokensOf } from '../../tokens/tokens-of.ts';
import type { User } from '../../types.ts';
import { openNativeIfReady } from '../native/native-link.ts';
import { nativeVerdicts } from '../native/native-verdicts.ts';

/** What can still be done with a token. `dead`: its state says live, but password, address or key changed since. */
export type LinkFate = 'live' | 'expired' | 'used' | 'revoked' | 'dead';

export interface Link {
  readonly row: TokenRow;
  readonly fate: LinkFate;
  /** the user's password or address, or our key, is not what it was when the link was issued */
  readonly isOutdated: boolean;
}

/**
 * Every link that a user was ever given, oldest first, with what became of it. Of an application's own the application
 * decides, as far as it can be asked from here: see `verify`.
 */
export async function linksOf(app: App, user: User): Promise<Link[]> {
  const rows = await tokensOf(app.db, user.id);
  const keyring = app.config.secrets.length === 0 ? undefined : await app.keyring();
  const now = app.clock.now();
  const verdicts = keyring ? await verdictsOf(app, keyring, user, rows) : new Map<string, never>();
  const outdated = (row: TokenRow): boolean => {
    const key = keyring?.all.get(row.kid);
    // Without the secret nobody can say whether it still fits the user.
    return keyring !== undefined && (!key || !matchesFingerprint(key, user, row.fp));
  };
  return rows.map((row) => {
    const isOutdated = outdated(row);
    return { row, isOutdated, fate: fateOf(row, verdicts.get(row.jti), { isOutdated, now }) };
  });
}

/** Empty when links are ours, or nobody here can say. */
async function verdictsOf(
  app: App,
  keyring: Keyring,
  user: User,
  rows: readonly TokenRow[],
): Promise<ReadonlyMap<string, Verdict['state']>> {
  const native = await openNativeIfReady(app);
  if (!native) return new Map();
  const mapping = await app.mapping();
  return nativeVerdicts(native, { db: app.db, mapping, keyring, users: [user], rows, now: app.clock.now() });
}

/** When it ends by itself, in milliseconds: of a code that is read aloud nobody has the link. */
export const endOf = ({ exp, codeWay, codeExp, codeHolder }: TokenRow): number =>
  (codeWay === 'aloud' && codeHolder === null ? (codeExp ?? exp) : exp) * 1000;

function fateOf(
  row: TokenRow,
  verdict: Verdict['state'] | undefined,
  { isOutdated, now }: { readonly isOutdated: boolean; readonly now: number },
): LinkFate {
  if (verdict === 'good') return 'live';
  if (row.state !== 'live') return row.state;
  if (verdict === 'invalid' || (isOutdated && verdict === undefined)) return 'dead';
  return verdict === 'expired' || endOf(row) <= now ? 'expired' : 'live';
}
