import type { Knex } from 'knex';
import { noteAllRevoked, noteRevoked } from './note-outcome.ts';

/** How many links of one user may be live at a time. With only one, a stranger could end the victim's (R07). */
const MAX_LIVE = 3;

/** Revoke a user's live tokens; gives how many there were. */
export function revokeTokensOf(db: Knex, userId: string, reason: string, now: number): Promise<number> {
  return revoke(db, (query) => query.where({ user_id: userId }), reason, now);
}

/** Revoke the live tokens of ours, of a user or of everybody; an application's own stay, because it decides. */
export function revokeOwnTokens(
  db: Knex,
  userId: string | undefined,
  reason: string,
  now: number,
): Promise<number> {
  if (userId === undefined) return revokeEverybodys(db, reason, now);
  return revoke(db, (query) => query.whereNull('issuer').where({ user_id: userId }), reason, now);
}

/** Revoke an application's own tokens of users, all but the one that takes their place. */
export function revokeNativeTokens(
  db: Knex,
  {
    userIds,
    issuer,
    jti,
  }: { readonly userIds: readonly string[]; readonly issuer: string; readonly jti?: string },
  reason: string,
  now: number,
): Promise<number> {
  return revoke(
    db,
    (query) => {
      const of = query.where({ issuer }).whereIn('user_id', userIds);
      return jti === undefined ? of : of.whereNot({ jti });
    },
    reason,
    now,
  );
}

async function revoke(
  db: Knex,
  narrow: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
  reason: string,
  now: number,
): Promise<number> {
  const live = () => narrow(db('reset_tokens').where({ state: 'live' }));
  await noteRevoked(db, await live().pluck<string[]>('request_id'));
  return live().update(revoked(reason, now));
}

async function revokeEverybodys(db: Knex, reason: string, now: number): Promise<number> {
  await noteAllRevoked(db);
  return db('reset_tokens').where({ state: 'live' }).whereNull('issuer').update(revoked(reason, now));
}

const revoked = (reason: string, now: number) => ({ state: 'revoked', reason, settled_at: now });

/** Of ours: the oldest live ones of each of these users beyond three. */
export async function revokeSurplus(db: Knex, userIds: readonly string[], now: number): Promise<void> {
  const live = (await db('reset_tokens')
    .select({ jti: 'jti', userId: 'user_id' })
    .whereIn('user_id', userIds)
    .andWhere({ state: 'live' })
    .whereNull('issuer')
    .andWhere('exp', '>', Math.floor(now / 1000))
    .orderBy('id', 'desc')) as { jti: string; userId: string }[];
  const seen = new Map<string, number>();
  const surplus = live.filter(({ userId }) => {
    const count = (seen.get(userId) ?? 0) + 1;
    seen.set(userId, count);
    return count > MAX_LIVE;
  });
  if (surplus.length > 0)
    await revoke(
      db,
      (query) =>
        query.whereIn(
          'jti',
          surplus.map(({ jti }) => jti),
        ),
      'too_many',
      now,
    );
}
