import type { App } from '../../app.ts';
import { flushRepeats } from '../../audit/record-repeats.ts';
import { causeOf } from '../../log.ts';

/**
 * Counters that have run out would otherwise pile up with the addresses of all visitors (R53), and what was only counted
 * goes into the audit. Never throws.
 */
export async function sweepVisits(app: App): Promise<void> {
  try {
    await (await app.throttle()).sweep(app.clock.now());
    await flushRepeats(app.ledger, app.clock.now());
  } catch (error) {
    app.log.warn('sweep_failed', { cause: causeOf(error) });
  }
}
