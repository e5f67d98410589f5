import { runWorker } from '../../flows/delivery/run-worker.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { workerOptions } from './declare.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';

/** `reset worker`: one line a settled mail. */
export const worker: Command<OptionsOf<typeof workerOptions>> = (context, _args, { once = false }) => {
  return withApp(context, { needed: TO_SEND, isBulk: true }, async ({ app }) => {
    const { signal, output, logFormat } = context;
    if (!once && logFormat === 'text')
      output.info('Delivering queued mails. Ctrl-C ends after the mails in transit.');
    await runWorker(app, {
      signal,
      once,
      onDelivered: ({ message, outcome }) => {
        if (outcome.state === 'retry') {
          app.log.info('mail_delayed', {
            requestId: message.requestId,
            reason: outcome.reason,
            reply: outcome.reply,
          });
          return;
        }
        const { requestId, userId, kind, messageId } = message;
        const row = { requestId, userId, kind, status: outcome.state, messageId };
        output.result(
          row,
          `${outcome.state} ${kind} of user ${userId}`,
          outcome.state === 'sent' ? 'ok' : 'bad',
        );
      },
    });
    return signal.aborted && once ? 130 : 0;
  });
};
