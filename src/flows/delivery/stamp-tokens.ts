import type { App } from '../../app.ts';
import type { Batch } from '../../batches/batch.ts';
import { familyOf } from '../../batches/reminders.ts';
import { lockedHashes } from '../../batches/user-locks.ts';
import { isEmail } from '../../values/email.ts';
import type { Transaction } from '../../db/transaction.ts';
import type { OutboxMessage } from '../../outbox/message.ts';
import { findSuppressed } from '../../outbox/suppressed.ts';
import { matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import { mintToken } from '../../tokens/mint-token.ts';
import type { NewToken, TokenRow } from '../../tokens/token-store.ts';
import { findTokens, insertTokens, renewToken } from '../../tokens/token-store.ts';
import type { User } from '../../types.ts';
import type { UsersStore } from '../../users/store/users-store.ts';
import { whatIsKnown } from '../batch/who-changed.ts';
import type { Claimed } from './claimed.ts';
import { onUsersSide, usersSeenBy } from '../both/users-side.ts';
import { linkNatively } from './link-natively.ts';
import type { Native } from '../native/native-link.ts';
import { lifeSeconds, openNative } from '../native/native-link.ts';

export type { Claimed } from './claimed.ts';

/** What a claim found: the row, its batch, and from when the rate lets it go (milliseconds since the epoch). */
export interface Taken {
  readonly message: OutboxMessage;
  readonly batch: Batch | undefined;
  readonly departsAt: number;
}

export interface Needs {
  readonly app: App;
  readonly store: UsersStore;
  readonly keyring: Keyring;
  /** set when links are the application's own */
  readonly native: Native | undefined;
  /** a code stands beside the link */
  readonly hasCode: boolean;
}

/** Opened before the transaction: looking at the schema inside it would wait for SQLite's one connection for ever. */
export const openNeeds = async (app: App): Promise<Needs> => ({
  app,
  store: await app.users(),
  keyring: await app.keyring(),
  native: await openNative(app),
  hasCode: app.config.mail.code,
});

/** Stamp the tokens of claimed mails: from then on a repeat after a crash carries the same link, and its life has begun. */
export async function stampTokens(
  needs: Needs,
  trx: Transaction,
  taken: readonly Taken[],
  now: number,
): Promise<Claimed[]> {
  if (taken.length === 0) return [];
  const { store, native } = needs;
  const ids = [...new Set(taken.map(({ message }) => message.userId))];
  const users = await usersSeenBy(store, trx).get(ids);
  const known = await findTokens(
    trx,
    taken.filter(({ message }) => message.kind === 'reset').map(({ message }) => message.requestId),
  );
  const locks = await lockedHashes(trx, mayBeLocked(taken));
  const changed = await changedSince(needs, trx, taken, users);
  const suppressed = await findSuppressed(
    trx,
    taken.flatMap(({ message, batch }) => (batch ? (users.get(message.userId)?.email ?? []) : [])),
  );
  const planned = taken.map((each): Claimed => {
    const { message, departsAt } = each;
    if (changed.has(message.id)) return { message, departsAt, skip: 'changed' };
    const user = users.get(each.message.userId);
    // A mail of another batch may have come back since this one was planned.
    if (each.batch?.redirectTo === null && user && suppressed.has(user.email))
      return { message, departsAt, skip: 'suppressed' };
    const isLocked = user !== undefined && user.encoded !== null && locks.get(user.id) === user.encoded;
    return plan(needs, { ...each, isLocked }, user, known, now);
  });
  const claimed = native
    ? await onUsersSide(store, trx, (side) =>
        linkNatively(native, needs, { users: side, ledger: trx }, planned, known, now),
      )
    : planned;
  await write(trx, claimed, known, now);
  return claimed;
}

/** Whose mail would say that the old password is dead. */
const mayBeLocked = (taken: readonly Taken[]): string[] => [
  ...new Set(
    taken
      .filter(({ batch, message }) => batch !== undefined || message.occasion === 'batch')
      .map(({ message }) => message.userId),
  ),
];

/** Ids of reminders whose people have a new password by now: a reminder may have waited for days. */
async function changedSince(
  { keyring }: Needs,
  trx: Transaction,
  taken: readonly Taken[],
  users: ReadonlyMap<string, User>,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const reminders = new Map<string, Batch>();
  for (const { batch } of taken) if (batch && batch.parentId !== null) reminders.set(batch.id, batch);
  for (const batch of reminders.values()) {
    const messages = taken.map(({ message }) => message).filter(({ batchId }) => batchId === batch.id);
    const ids = new Set(messages.map(({ userId }) => userId));
    const people = new Map([...users].filter(([id]) => ids.has(id)));
    const { changed } = await whatIsKnown(trx, keyring, await familyOf(trx, batch), people);
    for (const { id, userId } of messages) if (changed.has(userId)) found.add(id);
  }
  return found;
}

function plan(
  needs: Needs,
  { message, batch, departsAt, isLocked }: Taken & { readonly isLocked: boolean },
  user: User | undefined,
  tokens: ReadonlyMap<string, TokenRow>,
  now: number,
): Claimed {
  const skip = (reason: string): Claimed => ({ message, departsAt, skip: reason });
  if (!user) return skip('user_not_found');
  const send = (token: NewToken | undefined): Claimed => ({
    message,
    departsAt,
    user,
    token,
    batch,
    isLocked,
  });
  if (message.kind !== 'reset') return send(undefined);
  const refusal = whyNot(user, message);
  if (refusal !== undefined) return skip(refusal);
  if (batch && batch.redirectTo !== null) return send(undefined);
  const known = tokens.get(message.requestId);
  const token = chooseToken(needs, { message, user, known, now });
  return typeof token === 'string' ? skip(token) : send(token);
}

/** Why this user no longer gets a link, although the mail was queued. */
function whyNot(user: User, { batchId }: OutboxMessage): string | undefined {
  if (!user.isActive) return 'user_inactive';
  if (user.refusal !== null) return 'user_refused';
  return batchId !== null && !isEmail(user.email) ? 'no_address' : undefined;
}

interface Choice {
  readonly message: OutboxMessage;
  readonly user: User;
  readonly known: TokenRow | undefined;
  readonly now: number;
}

const SPENT = { used: 'token_used', revoked: 'token_revoked' } as const;

/** Nothing has happened to the user since the token was made, and its key is still there. */
function isUnchanged(keyring: Keyring, user: User, { kid, fp }: TokenRow): boolean {
  const key = keyring.all.get(kid);
  return key !== undefined && matchesFingerprint(key, user, fp);
}

/** The token that the mail carries, or why it carries none. */
function chooseToken(
  { keyring, native, hasCode }: Needs,
  { message, user, known, now }: Choice,
): NewToken | string {
  const issuer = native?.issuer.name ?? null;
  const lifeS = lifeSeconds(native, message.expiresInS);
  const { requestId, occasion } = message;
  const terms = { requestId, now, lifeS, issuer, occasion, hasCode };
  if (!known) return mintToken(keyring, user, terms);
  if (known.state !== 'live') return SPENT[known.state];
  if (known.issuer !== issuer || !isUnchanged(keyring, user, known)) return 'superseded';
  const left = known.exp * 1000 - now;
  if (message.expiresInS === 0) return left > 0 ? known : 'token_expired'; // a resend
  // Tried for so long that little of its life is left: the same token id gets a new one.
  return left < (lifeS * 1000) / 2 ? mintToken(keyring, user, { ...terms, jti: known.jti }) : known;
}

async function write(
  trx: Transaction,
  claimed: readonly Claimed[],
  known: ReadonlyMap<string, TokenRow>,
  now: number,
): Promise<void> {
  const tokens = claimed.flatMap((each) => ('token' in each && each.token ? [each.token] : []));
  await insertTokens(
    trx,
    tokens.filter(({ requestId }) => !known.has(requestId)),
    now,
  );
  for (const token of tokens) {
    const before = known.get(token.requestId);
    if (before && before !== token) await renewToken(trx, token.jti, token);
  }
}
