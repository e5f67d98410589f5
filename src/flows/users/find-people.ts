import type { App } from '../../app.ts';
import { lastResets } from '../../audit/last-resets.ts';
import { detailsOf, ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { toIso } from '../../values/instant.ts';
import { oneLine } from '../../values/printable.ts';

/** A user, with the facts by which an operator recognises somebody on the phone. */
export interface Person {
  readonly userId: string;
  readonly username: string | null;
  /** first and last name, where the application has both */
  readonly name: string | null;
  readonly email: string;
  readonly isActive: boolean;
  /** `other`: single sign-on, LDAP or whatever `refusal` says; `none`: no password yet */
  readonly signsIn: 'password' | 'other' | 'none';
  /** why this person cannot be reset here */
  readonly refusal: string | null;
  /** null: never, as far as the audit log goes back */
  readonly lastResetAt: string | null;
}

export interface People {
  readonly people: readonly Person[];
  /** more people match */
  readonly hasMore: boolean;
  /** false: the search had to stop before it had seen everybody */
  readonly isComplete: boolean;
}

/** As many as a screen holds. */
const SHOWN = 20;
const BUDGET_MS = 4000;

/** Up to 20 people by a part of address, user name or name, or by id. Throws user_not_found where nobody matches. */
export async function findPeople(app: App, text: string, budgetMs = BUDGET_MS): Promise<People> {
  const store = await app.users();
  const { users, hasMore, isComplete } = await store.search(text, { limit: SHOWN, budgetMs });
  if (users.length === 0) {
    const typed = JSON.stringify(oneLine(text, 100));
    const why = isComplete
      ? 'Try a part of the address, the user name or the name.'
      : `The search had to stop after ${Math.ceil(budgetMs / 1000)} s. Try the beginning of the address or the user name, or the id.`;
    throw new ResetError('user_not_found', `Nobody matches ${typed}. ${why}`, {
      details: { text, isComplete },
    });
  }
  const resets = await lastResets(
    app.ledger,
    users.map(({ id }) => id),
  );
  return { people: users.map((user) => toPerson(user, user.fullName, resets)), hasMore, isComplete };
}

/**
 * People who may have been meant when `findUser` found nobody or several: at most ten. Only for the operator's eyes,
 * since it says who has an account. Empty where there is nothing to offer, or the error is another.
 */
export async function offerPeople(app: App, identifier: Identifier, error: unknown): Promise<Person[]> {
  const store = await app.users();
  const users = await meantBy(app, identifier, error);
  const ids = users.map(({ id }) => id);
  const [names, resets] = [await store.readNames(ids), await lastResets(app.ledger, ids)];
  return users.map((user) => toPerson(user, names.get(user.id) ?? null, resets));
}

async function meantBy(app: App, identifier: Identifier, error: unknown): Promise<User[]> {
  const store = await app.users();
  const { ids } = detailsOf(error, 'user_ambiguous');
  if (ids === undefined) return store.findNear(identifier);
  const users = await store.get(ids.slice(0, 10));
  return [...users.values()];
}

function toPerson(user: User, name: string | null, resets: ReadonlyMap<string, number>): Person {
  const { id, email, username, isActive, refusal, encoded } = user;
  const at = resets.get(id);
  return {
    userId: id,
    username: username ?? null,
    name,
    email,
    isActive,
    signsIn: refusal !== null ? 'other' : encoded === null || encoded === '' ? 'none' : 'password',
    refusal,
    lastResetAt: at === undefined ? null : toIso(at),
  };
}
