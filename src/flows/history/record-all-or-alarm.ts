import type { App } from '../../app.ts';
import { record, type AuditEvent } from '../../audit/record.ts';
import type { recordRepeats } from '../../audit/record-repeats.ts';
import { causeOf } from '../../log.ts';

type Write = typeof record | typeof recordRepeats;

/**
 * Append to the audit log before anything else happens. Rows that can't be written raise one alarm but stop nothing: a
 * full disk locks nobody out (R91).
 */
export async function recordAllOrAlarm(
  app: App,
  events: readonly AuditEvent[],
  write: Write = record,
): Promise<void> {
  try {
    await write(app.ledger, app.clock.now(), ...events);
  } catch (error) {
    const requestId = events[0]?.requestId;
    app.log.error('audit_unwritable', {
      ...(requestId === undefined ? {} : { requestId }),
      cause: causeOf(error),
    });
  }
}
