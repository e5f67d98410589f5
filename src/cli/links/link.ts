import type { Command } from '../context.ts';
import { timeAndDistance } from '../../values/instant.ts';
import type { OptionsOf } from '../define-command.ts';
import type { linkOptions } from './declare.ts';
import { nameUser } from '../../values/name-user.ts';
import { forUser } from '../for-user.ts';
import { identifierFrom } from '../identifier.ts';
import { withApp } from '../open-app.ts';
import { warnOfNativeLinks } from '../warn-of-native-links.ts';

/** `reset link`: the URL alone on stdout, so that it can be piped; who and until when on stderr. */
export const link: Command<OptionsOf<typeof linkOptions>> = (context, emails, { ticket, ...named }) => {
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: ['database', 'baseUrl', 'secret'] }, async ({ app, reset }) => {
    await warnOfNativeLinks(context, app);
    const issued = await forUser(context, app, identifier, (one) => reset.link({ ...one, ticket }));
    context.output.result(issued, issued.url);
    context.output.info(
      `For ${nameUser(issued)}. It works until ${timeAndDistance(issued.expiresAt, app.clock.now())}. Anyone with this link can set the password.`,
    );
    return 0;
  });
};
