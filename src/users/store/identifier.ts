import type { User } from '../../types.ts';

/** What somebody typed to name a user. */
export type Identifier = { readonly email: string } | { readonly id: string } | { readonly username: string };

/**
 * The one user that several with one address mean: the only one, or the only one who may be reset. Undefined where
 * several may.
 */
export function chooseUser(users: readonly User[]): User | undefined {
  if (users.length < 2) return users[0];
  const able = users.filter((user) => user.isActive && user.refusal === null);
  return able.length === 1 ? able[0] : undefined;
}
