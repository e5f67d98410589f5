import type { Command } from '../command/context.ts';
import { localTime, timeAndDistance } from '../../values/instant.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { verifyOptions } from './declare.ts';
import { withApp } from '../command/open-app.ts';
import { readToken } from './read-token.ts';

/** `reset verify`: reads only. */
export const verify: Command<OptionsOf<typeof verifyOptions>> = async (context, args, options) => {
  const token = await readToken(context.ask, args, options);
  return withApp(context, { needed: ['database', 'secret'] }, async ({ app, reset }) => {
    const now = app.clock.now();
    const result = await reset.verify(token);
    const { userId, email, requestId, issuedAt, expiresAt, issuer } = result;
    const issued = issuedAt === null ? '' : ` ${localTime(issuedAt, now)}`;
    const by = requestId === null ? `by the application` : `request ${requestId}`;
    const text = [
      `Good until ${timeAndDistance(expiresAt, now)}.`,
      `  user ${userId}, ${email.trim() === '' ? 'no e-mail address' : email}`,
      `  issued${issued}, ${by}`,
      ...(issuer === undefined ? [] : [`  a link of the application's own (${issuer})`]),
    ];
    if (result.learnt)
      context.output.warn(
        `${result.learnt.says} The configuration names another form; set "link": ${JSON.stringify(result.learnt.link)}`,
      );
    context.output.result(result, text, 'ok');
    return 0;
  });
};
