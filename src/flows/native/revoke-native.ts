import { plural } from '../../values/plural.ts';
import type { App } from '../../app.ts';
import type { Transaction } from '../../db/transaction.ts';
import { findIssuer } from '../../native/find-issuer.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import type { TokenRow } from '../../tokens/token-store.ts';
import { liveNativeTokens } from '../../tokens/native-tokens.ts';
import { revokeNativeTokens } from '../../tokens/revoke-tokens.ts';
import type { User } from '../../types.ts';
import { sqlOf } from '../../users/sql-store/sql-of.ts';
import type { UsersStore } from '../../users/store/users-store.ts';
import { onUsersSide, usersSeenBy } from '../both/users-side.ts';
import type { Native } from './native-link.ts';
import { openNative } from './native-link.ts';
import { nativeVerdicts } from './native-verdicts.ts';
import { programName } from '../../values/program-name.ts';

export interface RevokedNatives {
  readonly revoked: number;
  /** links that stay good, because the application keeps no record of them or `link.native` is off */
  readonly stillGood: number;
}

/** What `revokeNatives` needs. */
export interface RevokeNeeds {
  readonly app: App;
  readonly native: Native | undefined;
  readonly store: UsersStore;
  /** undefined: no secret is configured, so nobody can say which links a new password has ended already */
  readonly keyring: Keyring | undefined;
}

/** Opened before the transaction. Throws config_invalid when native links lack something. */
export const openRevokeNeeds = async (app: App): Promise<RevokeNeeds> => ({
  app,
  native: await openNative(app),
  store: await app.users(),
  keyring: app.config.secrets.length === 0 ? undefined : await app.keyring(),
});

/** How many users are read at a time. */
const PAGE = 200;

/** Take back the application's own links that we issued, of a user or of everybody, where the application can. */
export async function revokeNatives(
  trx: Transaction,
  needs: RevokeNeeds,
  { userId, now }: { readonly userId: string | undefined; readonly now: number },
): Promise<RevokedNatives> {
  const { native, store } = needs;
  const live = await liveNativeTokens(trx, userId, now);
  const ours = live.filter((row) => row.issuer === native?.issuer.name);
  let [revoked, stillGood] = [0, live.length - ours.length];
  if (!native) return { revoked, stillGood };
  const ids = [...new Set(ours.map((row) => row.userId))];
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = ids.slice(start, start + PAGE);
    const users = await usersSeenBy(store, trx).get(page);
    if (native.opened.revoke) {
      await onUsersSide(store, trx, async (side) => {
        for (const user of users.values()) await native.opened.revoke?.(sqlOf(side).db, user);
      });
      const rows = { userIds: page, issuer: native.issuer.name };
      revoked += await revokeNativeTokens(trx, rows, 'operator', now);
    } else {
      const rows = ours.filter((row) => page.includes(row.userId));
      stillGood += await countGood(trx, needs, { native, users: [...users.values()], rows, now });
    }
  }
  return { revoked, stillGood };
}

async function countGood(
  trx: Transaction,
  { store, keyring }: RevokeNeeds,
  asked: {
    readonly native: Native;
    readonly users: readonly User[];
    readonly rows: readonly TokenRow[];
    readonly now: number;
  },
): Promise<number> {
  if (!keyring) return asked.rows.length;
  const verdicts = await nativeVerdicts(asked.native, {
    ...asked,
    seenBy: usersSeenBy(store, trx),
    keyring,
  });
  return [...verdicts.values()].filter((state) => state === 'good').length;
}

/** Why links stay good, and what ends them, in words for the operator. */
export function explainStillGood({ config }: App, count: number): string {
  if (!config.link.native) {
    return `${plural(count, 'link of the application was', 'links of the application were')} sent with --native and can still be used. Run this again with --native.`;
  }
  const byPassword = findIssuer(config).outlivesUse
    ? ''
    : ` with a new password (${programName} apply, ${programName} link without --native),`;
  return `${plural(count, 'link of the application', 'links of the application')} can still be used, because it keeps no record of them. They end when they expire,${byPassword} or with a new application secret.`;
}
