import { listUsers } from '../../flows/users/list-users.ts';
import { tabRow } from '../../values/printable.ts';
import type { Command } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import type { userListOptions } from './declare.ts';
import { withApp } from '../command/open-app.ts';

/** `reset user list`: one line a user, written as it is read. */
export const userList: Command<OptionsOf<typeof userListOptions>> = (context, _args, { search }) =>
  withApp(context, { needed: ['database'] }, async ({ app }) => {
    const { output } = context;
    for await (const user of listUsers(app, search)) {
      const { userId, email, name, locale, hasPassword, isActive } = user;
      const facts = [name, locale, hasPassword ? null : 'no password', isActive ? null : 'inactive'].filter(
        (fact) => fact !== null,
      );
      if (output.isJson) output.result(user, '');
      else output.raw(tabRow([userId, email, ...facts]));
    }
    return 0;
  });
