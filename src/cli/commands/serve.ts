import { startListener } from '../../http/listen.ts';
import type { Command } from '../context.ts';
import { withApp } from '../open-app.ts';
import { untilAborted } from '../until-aborted.ts';

/** `reset serve`: until SIGTERM or Ctrl-C; finishes what is under way. */
export const serve: Command = (context) => {
  const require = ['database', 'baseUrl', 'secret', 'mail.url', 'mail.from'] as const;
  return withApp(context, { require, isBulk: true }, async ({ app }) => {
    const listener = await startListener(app);
    context.output.info(
      `Listening on ${listener.url}; links begin with ${app.config.baseUrl ?? ''}. Ctrl-C ends.`,
    );
    await untilAborted(context.signal);
    await listener.close();
    return 0;
  });
};
