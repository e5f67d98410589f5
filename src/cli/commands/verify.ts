import type { Command } from '../context.ts';
import { withApp } from '../open-app.ts';
import type { TokenOptions } from '../read-token.ts';
import { readToken } from '../read-token.ts';

/** `reset verify`: reads only. */
export const verify: Command<TokenOptions> = async (context, args, options) => {
  const token = await readToken(args, options);
  return withApp(context, { require: ['database', 'secret'] }, async ({ reset }) => {
    const result = await reset.verify(token);
    const { userId, email, requestId, issuedAt, expiresAt } = result;
    const text = `good until ${expiresAt}\n  user ${userId}, ${email}\n  issued ${issuedAt}, request ${requestId}`;
    context.output.result(result, text, 'ok');
    return 0;
  });
};
