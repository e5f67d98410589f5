import type { Command } from '../command/context.ts';
import { timeAndDistance } from '../../values/instant.ts';
import { nameUser } from '../../values/name-user.ts';
import { spellAloud } from '../../values/spell-aloud.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { forUser } from '../person/for-user.ts';
import { identifierFrom } from '../person/identifier.ts';
import { withApp } from '../command/open-app.ts';
import type { codeOptions } from './declare.ts';

/** `reset code`: the code alone on stdout; how to read it aloud, and where it is typed, on stderr. */
export const code: Command<OptionsOf<typeof codeOptions>> = (context, emails, { ticket, ...named }) => {
  const identifier = identifierFrom(emails, named);
  return withApp(context, { needed: ['database', 'baseUrl', 'secret'] }, async ({ app, reset }) => {
    const issued = await forUser(context, app, identifier, (one) => reset.code({ ...one, ticket }));
    const { output } = context;
    output.result(issued, issued.code);
    output.info(`Read aloud: ${spellAloud(issued.code)}`);
    output.info(`To be typed at ${issued.url}, together with ${issued.account}`);
    output.info(
      `For ${nameUser(issued)}. It works until ${timeAndDistance(issued.expiresAt, app.clock.now())}, for five tries. Anyone with this code can set the password.`,
    );
    if (app.config.link.native) {
      output.warn(
        "Links of this setup open the application's own page, but a code needs reset's: it works only where the proxy sends /reset_password_code to a running serve.",
      );
    }
    return 0;
  });
};
