import type { Knex } from 'knex';
import { CODE_TRIES } from './code.ts';
import { columns, type TokenRow } from './token-store.ts';

/** A live token's row that has a code. */
export type CodeRow = TokenRow & { readonly codeMac: string; readonly codeExp: number };

/** The rows of these users whose code may be typed at this moment, newest first. `now` in milliseconds. */
export async function findCodes(db: Knex, userIds: readonly string[], now: number): Promise<CodeRow[]> {
  return (await db('reset_tokens')
    .select(columns)
    .whereIn('user_id', userIds)
    .andWhere({ state: 'live' })
    .whereNotNull('code_mac')
    .andWhere('code_exp', '>', Math.floor(now / 1000))
    .orderBy('id', 'desc')) as CodeRow[];
}

/** Can this code still be typed by somebody? */
export const isCodeOpen = ({ state, codeExp, codeTries, codeHolder }: TokenRow, now: number): boolean =>
  state === 'live' &&
  codeHolder === null &&
  codeTries < CODE_TRIES &&
  codeExp !== null &&
  codeExp * 1000 > now;

/**
 * Take one of a code's tries: true for five callers, ever, in however many processes. The condition stands in the
 * write, and only who got true may look at what was typed (R98).
 */
export async function takeTry(db: Knex, jti: string, now: number): Promise<boolean> {
  const count = await open(db, jti, now)
    .andWhere('code_tries', '<', CODE_TRIES)
    .update({ code_tries: db.raw('code_tries + 1') });
  return count === 1;
}

/** Assign a correctly typed code to a browser: true for exactly one caller, ever. */
export async function holdCode(db: Knex, jti: string, holder: string, now: number): Promise<boolean> {
  return (await open(db, jti, now).update({ code_holder: holder })) === 1;
}

const open = (db: Knex, jti: string, now: number): Knex.QueryBuilder =>
  db('reset_tokens')
    .where({ jti, state: 'live' })
    .whereNull('code_holder')
    .andWhere('code_exp', '>', Math.floor(now / 1000));
