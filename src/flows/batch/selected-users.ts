import type { Knex } from 'knex';
import type { App } from '../../app.ts';
import { usersAsQuery, type PlannedUser } from '../../batches/plan-page.ts';
import type { Db } from '../../db/connect.ts';
import type { SelectedUser } from '../../types.ts';
import type { UserSelection } from '../../users/store/selection.ts';

/** What `planRows` reads from: SQL that gives the selected users, and whether it says in which turn each gets a mail. */
export interface SelectedUsers {
  readonly users: Knex.QueryBuilder;
  readonly hasTurns: boolean;
}

/**
 * The selected users as SQL for a transaction in our tables: one query where a transaction spans both, and page after page where
 * none does.
 */
export async function* selectedUsers(
  app: App,
  ledger: Db,
  selection: UserSelection,
): AsyncGenerator<SelectedUsers> {
  const store = await app.users();
  if (!app.isApart) {
    yield { users: store.within(ledger).asQuery(selection), hasTurns: false };
    return;
  }
  const takeTurns = countTurns();
  for await (const page of store.select(selection))
    yield { users: usersAsQuery(ledger, takeTurns(page)), hasTurns: true };
}

/** Numbers the users of each mail domain, over all pages. */
function countTurns(): (page: readonly SelectedUser[]) => PlannedUser[] {
  const turns = new Map<string, number>();
  return (page) =>
    page.map((user) => {
      const domain = (user.email ?? '').replace(/^[^@]*@/, '').toLowerCase();
      const turn = (turns.get(domain) ?? 0) + 1;
      turns.set(domain, turn);
      return { ...user, turn };
    });
}
