import type { Knex } from 'knex';
import type { App } from '../../app.ts';
import { countTurns, usersAsQuery } from '../../batches/plan-page.ts';
import type { Db } from '../../db/connect.ts';
import type { UserSelection } from '../../users/store/selection.ts';
import { oneAhead } from '../../values/one-ahead.ts';

/** What `planRows` reads from: SQL that gives the selected users, and whether it says in which turn each gets a mail. */
export interface SelectedUsers {
  readonly users: Knex.QueryBuilder;
  readonly hasTurns: boolean;
}

/**
 * The selected users as SQL for a transaction in our tables: one query where a transaction spans both, and page after
 * page where none does.
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
  const takeTurn = countTurns();
  // The next page is read while this one is written: they are different databases.
  for await (const page of oneAhead(store.select(selection)))
    yield { users: usersAsQuery(ledger, page, takeTurn), hasTurns: true };
}
