import type { Knex } from 'knex';
import { columns, type TokenRow } from './token-store.ts';

/** Every token that a user was ever given, oldest first. */
export async function tokensOf(db: Knex, userId: string): Promise<TokenRow[]> {
  return (await db('reset_tokens').select(columns).where({ user_id: userId }).orderBy('id')) as TokenRow[];
}
