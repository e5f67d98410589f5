import type { App } from '../../app.ts';
import { listUsers as readAll } from '../../users/reading/list-users.ts';

export interface ListedUser {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly hasPassword: boolean;
  readonly isActive: boolean;
}

/** Every user of the table, one at a time; with `search` those who match, as `findPeople` would say. */
export async function* listUsers(app: App, search?: string): AsyncGenerator<ListedUser> {
  for await (const { id, email, name, locale, encoded, isActive } of readAll(
    app.usersDb,
    await app.mapping(),
    {
      search,
    },
  )) {
    yield { userId: id, email, name, locale, hasPassword: encoded !== null, isActive };
  }
}
