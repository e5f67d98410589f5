import { parseDuration } from '../../values/duration.ts';
import { ResetError } from '../../errors.ts';
import { cleanUpLedger } from '../../flows/batch/clean-up.ts';
import { plural } from '../../values/plural.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { cleanupOptions } from './declare.ts';
import { withApp } from '../command/open-app.ts';

const DAY_MS = 86_400_000;

/** The audit answers questions long after the fact, so it keeps at least a month. */
const SHORTEST_AUDIT = 30 * DAY_MS;

/** `reset cleanup --older-than 90d`. */
export const cleanup: Command<OptionsOf<typeof cleanupOptions>> = (context, _args, options) => {
  const { olderThan, auditOlderThan } = options;
  if (olderThan === undefined)
    throw new ResetError('usage_invalid', 'Say what counts as old, such as --older-than 90d');
  const olderThanMs = parseDuration(olderThan);
  if (olderThanMs < DAY_MS)
    throw new ResetError('usage_invalid', '--older-than must be at least one day (1d).');
  const auditMs = auditOlderThan === undefined ? undefined : parseDuration(auditOlderThan);
  if (auditMs !== undefined && auditMs < SHORTEST_AUDIT)
    throw new ResetError('usage_invalid', '--audit-older-than must be at least 30 days (30d).');
  return withApp(context, { needed: ['database'] }, async ({ app }) => {
    const removed = await cleanUpLedger(app, olderThanMs, auditMs);
    const { mails, tokens, batches, auditRows } = removed;
    const audit = auditMs === undefined ? '' : `, and ${plural(auditRows, 'audit row')}`;
    context.output.result(
      removed,
      `Removed ${plural(mails, 'settled mail')}, ${plural(tokens, 'expired link')} and ${plural(batches, 'finished batch', 'finished batches')}${audit}.`,
      'ok',
    );
    return 0;
  });
};
