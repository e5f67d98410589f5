import { ResetError } from '../../errors.ts';
import { createUser } from '../../flows/users/create-user.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { userAddOptions } from './declare.ts';
import { withApp } from '../command/open-app.ts';
import { plainAddress } from '../../values/plain-address.ts';
import { readLine } from '../terminal/stdin.ts';

/** `reset user add`: into the `default` preset's table. */
export const userAdd: Command<OptionsOf<typeof userAddOptions>> = (
  context,
  [email = ''],
  { name, locale = context.flags['mail.locale'] as string | undefined, passwordStdin = false },
) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const password = passwordStdin ? await readLine() : undefined;
    if (password === '') throw new ResetError('usage_invalid', 'There was no password on standard input.');
    const user = await createUser(app, { email: plainAddress(email), username: name, locale, password });
    const without = password === undefined ? ', without a password yet' : '';
    context.output.result(user, `added user ${user.userId}, ${user.email}${without}`, 'ok');
    return 0;
  });
