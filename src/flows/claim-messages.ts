import type { App } from '../app.ts';
import type { Transaction } from '../db/transaction.ts';
import { inTransaction } from '../db/transaction.ts';
import { claim } from '../outbox/claim.ts';
import type { OutboxMessage } from '../outbox/message.ts';
import type { Keyring } from '../tokens/keyring.ts';
import { fingerprint, matchesFingerprint } from '../tokens/fingerprint.ts';
import type { NewToken, TokenRow } from '../tokens/token-store.ts';
import { createTokenId, findTokens, insertTokens, renewToken } from '../tokens/token-store.ts';
import type { User } from '../types.ts';
import { getUsers } from '../users/find-user.ts';

/** A claimed mail with all that is needed to send it, or why it must not be sent. */
export type Claimed =
  | { readonly message: OutboxMessage; readonly user: User; readonly token: NewToken | undefined }
  | { readonly message: OutboxMessage; readonly skip: string };

export interface ClaimLimits {
  readonly limit: number;
  /** only the mails of this request */
  readonly requestId?: string;
}

/**
 * Claim due mails and stamp their tokens in the same transaction: from then on a repeat after a crash carries the
 * same link, and the link's life has begun.
 */
export async function claimMessages(app: App, limits: ClaimLimits): Promise<Claimed[]> {
  const [mapping, keyring] = [await app.mapping(), await app.keyring()];
  const host = new URL(app.config.baseUrl ?? 'http://localhost').hostname;
  return inTransaction(app.db, async (trx) => {
    const now = app.clock.now();
    const messages = await claim(trx, { worker: app.worker, now, host, ...limits });
    if (messages.length === 0) return [];
    const users = await getUsers(trx, mapping, [...new Set(messages.map(({ userId }) => userId))]);
    const resets = messages.filter(({ kind }) => kind === 'reset');
    const tokens = await findTokens(
      trx,
      resets.map(({ requestId }) => requestId),
    );
    const plans = messages.map((message) => plan(keyring, message, users.get(message.userId), tokens, now));
    await write(trx, plans, tokens, now);
    return plans;
  });
}

function plan(
  keyring: Keyring,
  message: OutboxMessage,
  user: User | undefined,
  tokens: ReadonlyMap<string, TokenRow>,
  now: number,
): Claimed {
  if (!user) return { message, skip: 'user_not_found' };
  if (message.kind === 'notice') return { message, user, token: undefined };
  if (!user.isActive) return { message, skip: 'user_inactive' };
  if (user.refusal !== null) return { message, skip: 'user_refused' };
  const known = tokens.get(message.requestId);
  if (!known) return { message, user, token: mint(keyring, message, user, now) };
  if (known.state !== 'live')
    return { message, skip: known.state === 'used' ? 'token_used' : 'token_revoked' };
  const key = keyring.all.get(known.kid);
  if (!key || !matchesFingerprint(key, user, known.fp)) return { message, skip: 'superseded' };
  // Tried for so long that little of its life is left: the same token id gets a new one.
  const left = known.exp * 1000 - now;
  const token =
    left < (message.expiresInS * 1000) / 2 ? { ...mint(keyring, message, user, now), jti: known.jti } : known;
  return { message, user, token };
}

function mint(keyring: Keyring, message: OutboxMessage, user: User, now: number): NewToken {
  const iat = Math.floor(now / 1000);
  return {
    jti: createTokenId(),
    requestId: message.requestId,
    userId: user.id,
    kid: keyring.current.kid,
    iat,
    exp: iat + message.expiresInS,
    fp: fingerprint(keyring.current, user),
  };
}

async function write(
  trx: Transaction,
  plans: readonly Claimed[],
  known: ReadonlyMap<string, TokenRow>,
  now: number,
): Promise<void> {
  const tokens = plans.flatMap((planned) => ('token' in planned && planned.token ? [planned.token] : []));
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
