import type { Knex } from 'knex';
import type { TokenRow } from './token-store.ts';

/** Every token that a user was ever given, oldest first. */
export async function tokensOf(db: Knex, userId: string): Promise<TokenRow[]> {
  return (await db('reset_tokens')
    .select({
      jti: 'jti',
      requestId: 'request_id',
      userId: 'user_id',
      kid: 'kid',
      iat: 'iat',
      exp: 'exp',
      fp: 'fp',
      state: 'state',
      reason: 'reason',
      settledAt: 'settled_at',
    })
    .where({ user_id: userId })
    .orderBy(['iat', 'exp'])) as TokenRow[];
}
