import { parseDuration } from '../../values/duration.ts';
import { ResetError } from '../../errors.ts';
import { cleanUpLedger } from '../../flows/batch/clean-up.ts';
import { plural } from '../../values/plural.ts';
import type { Command } from '../context.ts';
import type { OptionsOf } from '../define-command.ts';
import type { cleanupOptions } from './declare.ts';
import { withApp } from '../open-app.ts';

const DAY_MS = 86_400_000;

/** `reset cleanup --older-than 90d`. */
export const cleanup: Command<OptionsOf<typeof cleanupOptions>> = (context, _args, { olderThan }) => {
  if (olderThan === undefined) throw new ResetError('usage_invalid', 'Say what is old: --older-than 90d');
  const olderThanMs = parseDuration(olderThan);
  if (olderThanMs < DAY_MS)
    throw new ResetError('usage_invalid', '--older-than takes one day (1d) at least.');
  return withApp(context, { require: ['database'] }, async ({ app }) => {
    const removed = await cleanUpLedger(app, olderThanMs);
    const { mails, tokens, batches } = removed;
    context.output.result(
      removed,
      `Removed ${plural(mails, 'settled mail')}, ${plural(tokens, 'expired link')} and ${plural(batches, 'finished batch', 'finished batches')}.`,
      'ok',
    );
    return 0;
  });
};
