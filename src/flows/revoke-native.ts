import type { App } from '../app.ts';
import type { Transaction } from '../db/transaction.ts';
import { liveNativeTokens, revokeNativeTokens } from '../tokens/token-store.ts';
import { getUsers } from '../users/find-user.ts';
import type { UsersMapping } from '../users/mapping.ts';
import type { Native } from './native-link.ts';

export interface RevokedNatives {
  readonly revoked: number;
  /** links that stay good: the application keeps nothing that could be taken away, or `link.native` is off */
  readonly stillGood: number;
}

/** Take back the application's own links that we issued, of a user or of everybody, where the application can. */
export async function revokeNatives(
  trx: Transaction,
  native: Native | undefined,
  mapping: UsersMapping,
  { userId, now }: { readonly userId: string | undefined; readonly now: number },
): Promise<RevokedNatives> {
  const live = await liveNativeTokens(trx, userId, now);
  const issuer = native?.at.revoke ? native.issuer.name : undefined;
  const ours = live.filter((row) => row.issuer === issuer);
  const ids = [...new Set(ours.map((row) => row.userId))];
  const users = await getUsers(trx, mapping, ids);
  let revoked = 0;
  for (const id of ids) {
    const user = users.get(id);
    if (user) await native?.at.revoke?.(trx, user);
    revoked += await revokeNativeTokens(trx, { userId: id, issuer: issuer ?? '' }, 'operator', now);
  }
  return { revoked, stillGood: live.length - ours.length };
}

/** Why links stay good, and what ends them, in words for the operator. */
export const explainStillGood = ({ config }: App, count: number): string =>
  config.link.native
    ? `${count} link(s) of the application stay good: it keeps no record of them. They end with their time, with a new password (reset apply, reset link without --native), or with a new secret of the application.`
    : `${count} link(s) of the application were sent with --native and stay good. Run this again with --native.`;
