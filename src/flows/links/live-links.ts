import type { App } from '../../app.ts';
import type { Verdict } from '../../native/issuer.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { tokensOf } from '../../tokens/tokens-of.ts';
import type { User } from '../../types.ts';
import { openNativeIfReady } from '../native/native-link.ts';
import { nativeVerdicts } from '../native/native-verdicts.ts';

/** Whether a link still works. `dead`: its row says live, but the password, address or key has changed since. */
export type LinkStatus = 'live' | 'expired' | 'used' | 'revoked' | 'dead';

export interface Link {
  readonly row: TokenRow;
  readonly status: LinkStatus;
  /** the user's password or address, or the signing key, has changed since the link was issued */
  readonly isOutdated: boolean;
}

/**
 * Every link that a user was ever given, oldest first, with its status. For an application's own links the application
 * decides, as far as reset can ask it: see `verify`.
 */
export async function linksOf(app: App, user: User): Promise<Link[]> {
  const rows = await tokensOf(app.ledger, user.id);
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
    return { row, isOutdated, status: statusOf(row, verdicts.get(row.jti), { isOutdated, now }) };
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
  return nativeVerdicts(native, {
    seenBy: await app.users(),
    keyring,
    users: [user],
    rows,
    now: app.clock.now(),
  });
}

/** When it ends by itself, in milliseconds: of a code that is read aloud nobody has the link. */
export const endOf = ({ exp, codeWay, codeExp, codeHolder }: TokenRow): number =>
  (codeWay === 'aloud' && codeHolder === null ? (codeExp ?? exp) : exp) * 1000;

function statusOf(
  row: TokenRow,
  verdict: Verdict['state'] | undefined,
  { isOutdated, now }: { readonly isOutdated: boolean; readonly now: number },
): LinkStatus {
  if (verdict === 'good') return 'live';
  if (row.state !== 'live') return row.state;
  if (verdict === 'invalid' || (isOutdated && verdict === undefined)) return 'dead';
  return verdict === 'expired' || endOf(row) <= now ? 'expired' : 'live';
}
