import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { dialectOf } from '../db/connect.ts';
import { prepareSelect, runSelect, type PreparedSelect } from '../db/prepare-select.ts';
import type { Occasion } from '../types.ts';
import { noteChange } from './note-outcome.ts';
import { revokeSurplus } from './revoke-tokens.ts';
import type { TokenFacts } from './sign.ts';

/** live until used, revoked, or past `exp` */
export type TokenState = 'live' | 'used' | 'revoked';

/** A row of reset_tokens. */
export interface TokenRow extends TokenFacts {
  readonly requestId: string;
  /** the application whose own token it is; null for one of ours */
  readonly issuer: string | null;
  /** how the person came by it; null on rows from before there were occasions */
  readonly occasion: Occasion | null;
  readonly state: TokenState;
  /** why it was revoked: operator, sibling_used, too_many, superseded … */
  readonly reason: string | null;
  /** milliseconds since the epoch */
  readonly settledAt: number | null;
  /** how its one-time code reaches the person; null: it has none */
  readonly codeWay: CodeWay | null;
  readonly codeMac: string | null;
  /** until when the code may be typed, in seconds */
  readonly codeExp: number | null;
  /** how often it was checked */
  readonly codeTries: number;
  /** the browser that typed it: nobody else may any more */
  readonly codeHolder: string | null;
}

/** Read aloud, in which case the link of its token is never mailed; or beside the link in a mail. */
export type CodeWay = 'aloud' | 'mail';

/** A code for a new token. */
export interface NewCode {
  readonly way: CodeWay;
  readonly mac: string;
  /** seconds since the epoch */
  readonly exp: number;
}

/** 128 bits of the system's generator (R04). */
export const createTokenId = (): string => randomBytes(16).toString('base64url');

export const columns = {
  jti: 'jti',
  requestId: 'request_id',
  userId: 'user_id',
  kid: 'kid',
  iat: 'iat',
  exp: 'exp',
  fp: 'fp',
  issuer: 'issuer',
  occasion: 'occasion',
  state: 'state',
  reason: 'reason',
  settledAt: 'settled_at',
  codeWay: 'code_way',
  codeMac: 'code_mac',
  codeExp: 'code_exp',
  codeTries: 'code_tries',
  codeHolder: 'code_holder',
} as const;

export type NewToken = TokenFacts & {
  readonly requestId: string;
  readonly issuer?: string | null;
  readonly occasion?: Occasion | null;
  readonly code?: NewCode | undefined;
};

/** Insert tokens, then revoke the oldest live ones of ours of a user beyond three. `now` in milliseconds. */
export async function insertTokens(db: Knex, tokens: readonly NewToken[], now: number): Promise<void> {
  if (tokens.length === 0) return;
  await db('reset_tokens').insert(
    tokens.map(({ jti, requestId, userId, kid, iat, exp, fp, issuer = null, occasion = null, code }) => {
      const facts = { jti, request_id: requestId, user_id: userId, kid, iat, exp, fp };
      return { ...facts, issuer, occasion, state: 'live', ...codeColumns(code) };
    }),
  );
  await revokeSurplus(db, [...new Set(tokens.map((token) => token.userId))], now);
}

const codeColumns = (code: NewCode | undefined) => ({
  code_way: code?.way ?? null,
  code_mac: code?.mac ?? null,
  code_exp: code?.exp ?? null,
});

/** The row of one token, or of the token that a request got. */
export async function findToken(
  db: Knex,
  by: { jti: string } | { requestId: string },
): Promise<TokenRow | undefined> {
  const where = 'jti' in by ? { jti: by.jti } : { request_id: by.requestId };
  return (await db('reset_tokens').select(columns).where(where).first()) as TokenRow | undefined;
}

/** request id → row, for those that have a token already. */
export async function findTokens(db: Knex, requestIds: readonly string[]): Promise<Map<string, TokenRow>> {
  if (requestIds.length === 0) return new Map();
  const rows = (await db('reset_tokens').select(columns).whereIn('request_id', requestIds)) as TokenRow[];
  return new Map(rows.map((row) => [row.requestId, row]));
}

/** jti → row, for those that were ever issued; at most a hundred or so at a time. */
export async function findTokensById(db: Knex, jtis: readonly string[]): Promise<Map<string, TokenRow>> {
  const select = selectById(db, jtis.length);
  const rows = (await runSelect(db, select, jtis)) as TokenRow[];
  return new Map(rows.map((row) => [row.jti, row]));
}

const prepared = new Map<string, PreparedSelect>();

/** The query for this many ids, built once for each database's dialect: every look at the reset page asks it. */
function selectById(db: Knex, count: number): PreparedSelect {
  const key = `${dialectOf(db)} ${count}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const anything = Array.from({ length: count }, String);
  const made = prepareSelect(db('reset_tokens').select(columns).whereIn('jti', anything));
  prepared.set(key, made);
  return made;
}

/** Give a token that reached nobody a new lifetime, with the same id. */
export async function renewToken(
  db: Knex,
  jti: string,
  life: Pick<NewToken, 'iat' | 'exp' | 'fp' | 'kid' | 'code'>,
): Promise<void> {
  const { iat, exp, fp, kid, code } = life;
  await db('reset_tokens')
    .where({ jti, state: 'live' })
    .update({ iat, exp, fp, kid, ...codeColumns(code) });
}

/** Use a token: true for exactly one caller, ever. The condition is part of the write (R22). */
export async function useToken(
  trx: Knex,
  token: Pick<TokenRow, 'jti' | 'userId'>,
  now: number,
): Promise<boolean> {
  await noteChange(trx, token.userId, now);
  const count = await trx('reset_tokens')
    .where({ jti: token.jti, user_id: token.userId, state: 'live' })
    .andWhere('exp', '>', Math.floor(now / 1000))
    .update({ state: 'used', settled_at: now });
  return count === 1;
}

/** For a token that was used, whatever became of its row meanwhile. */
export async function markUsed(
  trx: Knex,
  { jti, userId }: Pick<TokenRow, 'jti' | 'userId'>,
  now: number,
): Promise<void> {
  await noteChange(trx, userId, now);
  await trx('reset_tokens').where({ jti }).update({ state: 'used', reason: null, settled_at: now });
}

/** Waits until whoever writes this token has ended, and keeps others from it. */
export async function lockToken(trx: Knex, jti: string): Promise<{ state: string } | undefined> {
  const query = trx('reset_tokens').select('state').where({ jti }).first();
  return (await (dialectOf(trx) === 'sqlite' ? query : query.forUpdate())) as { state: string } | undefined;
}
