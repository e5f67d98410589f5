import type { App } from '../../app.ts';
import { record, type AuditEvent } from '../../audit/record.ts';
import type { recordRepeats } from '../../audit/record-repeats.ts';
import { causeOf } from '../../log.ts';

/**
 * Append to the audit log before anything else happens. A row that can't be written raises an alarm but stops
 * nothing: a full disk locks nobody out (R91).
 */
export async function recordOrAlarm(
  app: App,
  event: AuditEvent,
  write: typeof record | typeof recordRepeats = record,
): Promise<void> {
  try {
    await write(app.ledger, app.clock.now(), event);
  } catch (error) {
    const { requestId } = event;
    app.log.error('audit_unwritable', {
      ...(requestId === undefined ? {} : { requestId }),
      cause: causeOf(error),
    });
  }
}
