import type { App } from '../../app.ts';
import { recordRepeats } from '../../audit/record-repeats.ts';
import { inTransaction } from '../../db/transaction.ts';
import { detailsOf, isResetError, ResetError } from '../../errors.ts';
import { CODE_TRIES, holderOf, matchesCode, readCode } from '../../tokens/code.ts';
import type { CodeRow } from '../../tokens/code-store.ts';
import { findCodes, holdCode, takeTry } from '../../tokens/code-store.ts';
import { signToken } from '../../tokens/sign.ts';
import { createTokenId } from '../../tokens/token-store.ts';
import type { Actor, User } from '../../types.ts';
import { PASSWORD_LIFE_S } from '../links/issue-code.ts';
import { verifyResetToken, type GoodToken } from '../links/verify-reset-token.ts';

/** What somebody typed on the page for codes. */
export interface TypedCode {
  /** e-mail address or user name */
  readonly account: string;
  readonly code: string;
  /** the number of the form it came from: the same form may be sent again */
  readonly form?: string | undefined;
}

/**
 * A code → a token of the same row, for the next ten minutes. A code is checked five times at most, over all processes,
 * and handed to one browser; a user's wrong ones are counted over time as well (R98).
 *
 * @throws code_invalid, alike for whatever is wrong (R99); `details.reason` and the audit say what it was
 */
export async function exchangeCode(app: App, typed: TypedCode, actor: Actor): Promise<GoodToken> {
  const tried: Tried = await tryCodes(app, typed);
  const { requestId, userId } = { ...tried.row, ...(tried.row ? {} : { userId: tried.user?.id }) };
  const recordUse = (event: 'code_accepted' | 'code_refused', result: string) =>
    recordRepeats(app.ledger, app.clock.now(), { event, result, actor, requestId, userId });
  const good = 'refusal' in tried ? tried.refusal : await openRow(app, tried.row);
  if (typeof good !== 'string') {
    await recordUse('code_accepted', 'ok');
    return good;
  }
  await recordUse('code_refused', good);
  throw new ResetError(
    'code_invalid',
    'This code does not work: unknown address, mistyped, too old, used, or no tries left.',
    {
      details: { reason: good },
    },
  );
}

/** Why a code was refused: for the log and the audit alone. */
type Refusal = 'code_format' | 'user_not_found' | 'code_none' | 'code_wrong' | 'code_spent' | 'throttled';

type Tried =
  | { readonly refusal: Refusal; readonly user?: User | undefined; readonly row?: CodeRow | undefined }
  | { readonly row: CodeRow; readonly user?: undefined };

async function tryCodes(app: App, typed: TypedCode): Promise<Tried> {
  const code = readCode(typed.code);
  const users = await findTyped(app, typed.account.trim());
  // Also queried for unknown accounts, so that the database does the same work.
  const ids = users.length === 0 ? [createTokenId()] : users.map(({ id }) => id);
  const rows = await findCodes(app.ledger, ids, app.clock.now());
  const [user] = users;
  if (code === undefined) return { refusal: 'code_format', user };
  if (user === undefined) return { refusal: 'user_not_found' };
  let refusal: Refusal = 'code_none';
  for (const row of rows) {
    const verdict = await checkCode(app, row, code, typed.form);
    if (verdict === 'right') return { row };
    if (refusal !== 'code_wrong') refusal = verdict;
  }
  return { refusal, user, row: rows[0] };
}

/** Everybody the address may mean: if two people share it, the code decides. */
async function findTyped(app: App, account: string): Promise<readonly User[]> {
  const store = await app.users();
  const byEmail = (await store.findByEmail([account])).get(account) ?? [];
  if (!store.description.hasUsernames || account === '') return byEmail;
  const byName = await store.find({ username: account }).catch(async (error: unknown) => {
    const { ids } = detailsOf(error, 'user_ambiguous');
    if (ids === undefined) throw error;
    return [...(await store.get(ids)).values()];
  });
  return [...byEmail, ...[byName ?? []].flat()];
}

type Verdict = 'right' | 'code_wrong' | 'code_spent' | 'throttled';

/** Look at what was typed only when one of its tries could be taken, or when the same form is sent again. */
async function checkCode(app: App, row: CodeRow, code: string, form: string | undefined): Promise<Verdict> {
  const key = (await app.keyring()).all.get(row.kid);
  const isRight = () => key !== undefined && matchesCode(key, row, code, row.codeMac);
  const holder = holderOf(form === undefined || form === '' ? createTokenId() : form);
  if (row.codeHolder !== null) return row.codeHolder === holder && isRight() ? 'right' : 'code_spent';
  const refusal = await takeTryOf(app, row);
  if (refusal !== undefined) return refusal;
  if (!isRight()) return 'code_wrong';
  const now = app.clock.now();
  const isHeld = await inTransaction(app.ledger, (trx) => holdCode(trx, row.jti, holder, now), SHARED);
  return isHeld ? 'right' : 'code_spent';
}

/** Counts before the code is compared: undefined if one of the code's tries, and one of its user's, could be taken. */
async function takeTryOf(app: App, row: CodeRow): Promise<'code_spent' | 'throttled' | undefined> {
  if (row.codeTries >= CODE_TRIES) return 'code_spent';
  const now = app.clock.now();
  if (!(await inTransaction(app.ledger, (trx) => takeTry(trx, row.jti, now), SHARED))) return 'code_spent';
  return (await countTry(app, row.userId)) ? undefined : 'throttled';
}

const SHARED = { sharesQueue: true } as const;

/** New codes must not bring an endless supply of tries. */
async function countTry(app: App, userId: string): Promise<boolean> {
  try {
    await (await app.throttle()).consume('code', userId);
    return true;
  } catch (error) {
    if (isResetError(error) && error.code === 'throttled') return false;
    throw error;
  }
}

/** A token of this row for a form, or why the row is dead: the user or the key changed since the code was issued. */
async function openRow(app: App, row: CodeRow): Promise<GoodToken | string> {
  const exp = Math.min(row.exp, Math.floor(app.clock.now() / 1000) + PASSWORD_LIFE_S);
  try {
    return await verifyResetToken(app, signToken(await app.keyring(), { ...row, exp }));
  } catch (error) {
    if (isResetError(error) && /^(?:token|user)_/.test(error.code)) return error.code;
    throw error;
  }
}
