import type { App } from '../../app.ts';
import { required } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { inTransaction } from '../../db/transaction.ts';
import { ResetError } from '../../errors.ts';
import { createRequestId } from '../../outbox/enqueue.ts';
import { codeOf, formatCode, mintCode } from '../../tokens/code.ts';
import { fingerprint } from '../../tokens/fingerprint.ts';
import { codeUrlOf } from '../../tokens/reset-link.ts';
import { createTokenId, insertTokens } from '../../tokens/token-store.ts';
import type { Actor, User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { isEmail } from '../../values/email.ts';
import { distanceOf } from '../../values/instant.ts';
import { programName } from '../../values/program-name.ts';
import { findResettableUser } from '../users/find-resettable-user.ts';

export interface CodeResult {
  readonly email: string;
  readonly userId: string;
  readonly requestId: string;
  /** as it is read aloud: `7KQM-2X9T` */
  readonly code: string;
  /** the page where it is typed */
  readonly url: string;
  /** what the person types beside it: the address, or the user name where there is none */
  readonly account: string;
  readonly expiresAt: string;
}

/** How long a code can be typed, and then how long the person has to choose a password, in seconds. */
export const CODE_LIFE_S = 600;
export const PASSWORD_LIFE_S = 600;

/**
 * Issue a one-time code to read aloud. Like a link it neither starts nor checks the cool-down, and is recorded in the
 * audit log. Throws user_*; throttled while too many wrong codes were typed for this user.
 */
export async function issueCode(
  app: App,
  { identifier, actor }: { readonly identifier: Identifier; readonly actor: Actor },
): Promise<CodeResult> {
  const baseUrl = required(app.config, 'baseUrl', app.config.baseUrl);
  const { current: key } = await app.keyring();
  const user = await findResettableUser(app, identifier);
  const account = accountOf(user);
  await assertTriesLeft(app, user);
  const now = app.clock.now();
  const iat = Math.floor(now / 1000);
  const facts = { jti: createTokenId(), requestId: createRequestId(), userId: user.id, kid: key.kid, iat };
  const code = mintCode(key, facts, 'aloud', iat + CODE_LIFE_S);
  const exp = code.exp + PASSWORD_LIFE_S;
  await inTransaction(app.ledger, async (trx) => {
    await insertTokens(trx, [{ ...facts, exp, fp: fingerprint(key, user), occasion: 'support', code }], now);
    const { requestId, userId } = facts;
    await record(trx, now, { event: 'code_issued', result: 'ok', actor, requestId, userId });
  });
  return {
    email: user.email,
    userId: user.id,
    requestId: facts.requestId,
    code: formatCode(codeOf(key, facts)),
    url: codeUrlOf(baseUrl),
    account,
    expiresAt: new Date(code.exp * 1000).toISOString(),
  };
}

function accountOf({ id, email, username }: User): string {
  const account = isEmail(email) ? email : (username ?? '').trim();
  if (account !== '') return account;
  throw new ResetError(
    'user_unreachable',
    `User ${id} has neither an e-mail address nor a user name to type beside a code. Hand over a link: ${programName} link --id ${id}`,
    { details: { userId: id } },
  );
}

async function assertTriesLeft(app: App, { id }: User): Promise<void> {
  const retryAfterSeconds = await (await app.throttle()).waitSeconds('code', id);
  if (retryAfterSeconds === 0) return;
  throw new ResetError(
    'throttled',
    `Too many wrong codes were typed for user ${id}. Codes work again in ${distanceOf(retryAfterSeconds * 1000)}. Hand over a link until then: ${programName} link --id ${id}`,
    { details: { retryAfterSeconds } },
  );
}
