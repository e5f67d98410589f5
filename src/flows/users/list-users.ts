import type { App } from '../../app.ts';

export interface ListedUser {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly locale: string | null;
  readonly hasPassword: boolean;
  readonly isActive: boolean;
}

/** Every user, one at a time; with `search` those who match, as `findPeople` would say. */
export async function* listUsers(app: App, search?: string): AsyncGenerator<ListedUser> {
  const store = await app.users();
  for await (const { id, email, name, locale, encoded, isActive } of store.list(search)) {
    yield { userId: id, email, name, locale, hasPassword: encoded !== null, isActive };
  }
}
