import type { Knex } from 'knex';
import { columns, type TokenRow } from './token-store.ts';

/** The application's own tokens that we issued and that may still be good, of a user or of everybody. */
export async function liveNativeTokens(
  db: Knex,
  userId: string | undefined,
  now: number,
): Promise<(TokenRow & { readonly issuer: string })[]> {
  const query = db('reset_tokens')
    .select(columns)
    .where(userId === undefined ? { state: 'live' } : { state: 'live', user_id: userId })
    .whereNotNull('issuer')
    .andWhere('exp', '>', Math.floor(now / 1000))
    .orderBy('id', 'desc');
  return (await query) as (TokenRow & { readonly issuer: string })[];
}

/** Every token of an application's own that we issued and whose time is not over, whatever became of it. */
export async function issuedNativeTokens(db: Knex, issuer: string, now: number): Promise<TokenRow[]> {
  return (await db('reset_tokens')
    .select(columns)
    .where({ issuer })
    .andWhere('exp', '>', Math.floor(now / 1000))) as TokenRow[];
}
