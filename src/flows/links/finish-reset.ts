import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import type { Db } from '../../db/connect.ts';
import type { Intent } from '../../intents/intent-store.ts';
import { enqueue } from '../../outbox/enqueue.ts';
import { fingerprint, matchesFingerprint } from '../../tokens/fingerprint.ts';
import type { Keyring } from '../../tokens/keyring.ts';
import { markUsed } from '../../tokens/token-store.ts';
import { revokeTokensOf } from '../../tokens/revoke-tokens.ts';
import type { Actor, Occasion, User } from '../../types.ts';
import { isEmail } from '../../values/email.ts';
import { keyOfProof } from '../both/key-of-proof.ts';
import { readSettledUsers } from '../both/users-side.ts';
import type { UsersReader } from '../../users/store/users-store.ts';
import type { Finish } from '../both/look.ts';

/** All that our tables get to know of a reset. */
export interface ResetFacts {
  readonly jti: string;
  readonly userId: string;
  readonly requestId: string;
  readonly occasion: Occasion | null;
  /** who gets the notice */
  readonly recipient: string;
  readonly actor: Actor;
  /** who may send the notice */
  readonly route: string;
  /** name of the hash format, for the audit */
  readonly format: string;
}

/** How the write is recognised: keyed digests of the hash before and after it. */
export interface ResetProof {
  readonly kid: string;
  readonly before: string;
  readonly after: string;
}

/** Two hashes of one user, as an intent may hold them. */
export function proveReset({ current }: Keyring, { id, encoded }: User, after: string): ResetProof {
  return {
    kid: current.kid,
    before: fingerprint(current, { id, encoded, email: '' }),
    after: fingerprint(current, { id, encoded: after, email: '' }),
  };
}

/** Notice (where there is an address for it) and audit. `sessionsEnded` is undefined where nobody counted them. */
export async function finishReset(
  ledger: Db,
  facts: ResetFacts,
  now: number,
  sessionsEnded?: number,
): Promise<void> {
  const { userId, requestId, occasion, recipient, actor, route, format } = facts;
  if (isEmail(recipient)) {
    const notice = { requestId, kind: 'notice', userId, recipient } as const;
    await enqueue(ledger, { ...notice, actor, occasion, route, expiresInMs: 0 }, now);
  }
  const details = { hashFormat: format, ...(sessionsEnded === undefined ? {} : { sessionsEnded }) };
  await record(ledger, now, {
    event: 'password_changed',
    result: 'ok',
    actor,
    requestId,
    userId,
    details,
  });
}

/**
 * For a process that died: the hash says whether it wrote. One that is neither the old nor the new means that the password
 * has changed since, perhaps twice: the person gets the notice. If the user is gone, nothing is left to do.
 */
export async function lookForReset(
  app: App,
  { facts, createdAt }: Intent,
  held?: UsersReader,
): Promise<Finish | undefined> {
  const reset = facts as ResetFacts & ResetProof;
  const { userId, kid, before } = reset;
  const encoded = (await readSettledUsers(app, [userId], held)).get(userId)?.encoded;
  const key = keyOfProof(await app.keyring(), { kid, what: `A reset of user ${userId}` });
  if (encoded === undefined || matchesFingerprint(key, { id: userId, encoded, email: '' }, before))
    return undefined;
  return async (ledger) => {
    await markUsed(ledger, reset, createdAt);
    await revokeTokensOf(ledger, userId, 'sibling_used', createdAt);
    await finishReset(ledger, reset, createdAt);
  };
}
