import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../app.ts';
import { explainError } from '../app.ts';
import { record } from '../audit/record.ts';
import { isEmail } from '../config/email.ts';
import { isResetError, type ErrorCode } from '../errors.ts';
import { maskEmail } from '../log.ts';
import type { Actor } from '../types.ts';
import { requestReset } from './request-reset.ts';

/** What came in on the request page. */
export interface TypedAddress {
  readonly email: string;
  /** network address of the visitor */
  readonly ip: string;
  /** of the HTTP request, to find one by the other in the log */
  readonly requestId: string;
}

// A database that restarts is back within these.
const RETRY_MS = [500, 2000, 5000];

/**
 * Look up, throttle and queue one typed address, long after its visitor was answered. Never throws: whatever comes of
 * it is only for the log and the audit, where the operator is told the truth (R48).
 */
export async function handleTypedAddress(app: App, typed: TypedAddress): Promise<void> {
  const facts = { httpRequestId: typed.requestId, ip: typed.ip, email: maskEmail(typed.email) };
  const actor: Actor = { kind: 'web', name: typed.ip };
  try {
    const email = typed.email.trim();
    if (!isEmail(email)) {
      app.log.info('request_refused', { ...facts, reason: 'address_invalid' });
      return;
    }
    const { requestId } = await patiently(() =>
      requestReset(app, { identifier: { email }, actor, bucket: 'web' }),
    );
    app.log.info('request_queued', { ...facts, requestId });
  } catch (error) {
    const explained = explainError(error);
    if (!isResetError(explained)) {
      app.log.error('request_failed', { ...facts, reason: error instanceof Error ? error.name : 'unknown' });
      return;
    }
    const level =
      explained.code === 'database_unavailable' || explained.code === 'config_invalid' ? 'error' : 'info';
    app.log[level]('request_refused', { ...facts, reason: explained.code });
    if (explained.code !== 'throttled') await remember(app, actor, explained.code); // that one is written already
  }
}

/** A database that is away is waited for a few times. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pauseMs of RETRY_MS) {
    try {
      return await attempt();
    } catch (error) {
      const explained = explainError(error);
      if (!isResetError(explained) || explained.code !== 'database_unavailable') throw error;
      await sleep(pauseMs);
    }
  }
  return attempt();
}

async function remember(app: App, actor: Actor, reason: ErrorCode): Promise<void> {
  try {
    await record(app.db, app.clock.now(), { event: 'reset_requested', result: reason, actor });
  } catch (error) {
    app.log.error('audit_unwritable', { cause: error instanceof Error ? error.name : 'unknown' });
  }
}
