import type { App } from '../../app.ts';
import { record, type AuditEvent } from '../../audit/record.ts';
import type { recordRepeats } from '../../audit/record-repeats.ts';
import { causeOf } from '../../log.ts';

type Write = typeof record | typeof recordRepeats;

/**
 * Append to the audit log before anything else happens. A row that can't be written raises an alarm but stops
 * nothing: a full disk locks nobody out (R91).
 */
export const recordOrAlarm = (app: App, event: AuditEvent, write: Write = record): Promise<void> =>
  recordAllOrAlarm(app, [event], write);

/** The same for several, with one alarm. */
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
