import { startListener } from '../../http/listen.ts';
import type { Command } from '../command/context.ts';
import { TO_SEND, withApp } from '../command/open-app.ts';
import { untilAborted } from '../terminal/until-aborted.ts';

/** `reset serve`: runs until SIGTERM or Ctrl-C, and finishes work in progress. */
export const serve: Command = (context) => {
  return withApp(context, { needed: TO_SEND, isBulk: true }, async ({ app }) => {
    const listener = await startListener(app);
    const where = `Listening on ${listener.url}; links begin with ${app.config.baseUrl ?? ''}. Ctrl-C ends.`;
    if (context.logFormat === 'text') context.output.info(where); // otherwise every line of stderr is an object
    await untilAborted(context.signal);
    await listener.close();
    return 0;
  });
};
