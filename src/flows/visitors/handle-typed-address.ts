import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { isEmail } from '../../values/email.ts';
import { isResetError, type ErrorCode } from '../../errors.ts';
import { maskEmail } from '../../log.ts';
import type { Bucket } from '../../throttle/throttle.ts';
import type { Actor } from '../../types.ts';
import { isDatabaseAway } from '../retry-while-away.ts';
import { retryWhileAway } from '../retry-while-away.ts';
import { requestReset } from '../links/request-reset.ts';

/** What came in on the request page. */
export interface TypedAddress {
  readonly email: string;
  /** network address of the visitor */
  readonly ip: string;
  /** of the HTTP request, to find one by the other in the log */
  readonly requestId: string;
}

// A database that restarts is back within these; who typed an address was told to look for a mail.
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Look up, throttle and queue one typed address, long after its visitor was answered. Never throws: whatever comes of
 * it is only for the log and the audit, where the operator is told the truth (R48).
 *
 * @param signal ends the waiting for a database that is away
 * @returns false when the database stayed away
 */
export async function handleTypedAddress(
  app: App,
  typed: TypedAddress,
  signal?: AbortSignal,
): Promise<boolean> {
  const facts = { httpRequestId: typed.requestId, ip: typed.ip, email: maskEmail(typed.email) };
  const actor: Actor = { kind: 'web', name: typed.ip };
  try {
    const email = typed.email.trim();
    if (!isEmail(email)) {
      app.log.info('request_refused', { ...facts, reason: 'address_invalid' });
      return true;
    }
    let bucket: Bucket | null = 'web';
    const { requestId } = await retryWhileAway(
      () => requestReset(app, { identifier: { email }, actor, bucket, onCounting: () => (bucket = null) }),
      RETRY_MS,
      signal,
    );
    app.log.info('request_queued', { ...facts, requestId });
  } catch (error) {
    const explained = explainError(error);
    if (isDatabaseAway(explained)) {
      app.log.error('request_refused', { ...facts, reason: explained.code });
      return false;
    }
    if (!isResetError(explained)) {
      app.log.error('request_failed', { ...facts, reason: error instanceof Error ? error.name : 'unknown' });
      return true;
    }
    const isOurs = explained.code === 'database_unavailable' || explained.code === 'config_invalid';
    app.log[isOurs ? 'error' : 'info']('request_refused', { ...facts, reason: explained.code });
    if (explained.code !== 'throttled') await remember(app, actor, explained.code); // that one is written already
  }
  return true;
}

async function remember(app: App, actor: Actor, reason: ErrorCode): Promise<void> {
  try {
    await record(app.db, app.clock.now(), { event: 'reset_requested', result: reason, actor });
  } catch (error) {
    app.log.error('audit_unwritable', { cause: error instanceof Error ? error.name : 'unknown' });
  }
}
