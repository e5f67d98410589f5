import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/reading/find-user.ts';
import { findUser } from '../../users/reading/find-user.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { assertKnownHash } from '../passwords/assert-known-hash.ts';
import { programName } from '../../values/program-name.ts';

/**
 * The user named by an identifier, active and with a hash that reset can replace. Throws user_not_found, user_inactive,
 * user_ambiguous, config_invalid for a hash of an unknown format.
 */
export async function findResettableUser(app: App, identifier: Identifier): Promise<User> {
  const mapping = await app.mapping();
  const user = await findUser(app.db, mapping, identifier);
  if (!user) throw notFound(mapping, identifier);
  assertResettable(user);
  await assertKnownHash(app, user);
  return user;
}

/** The user named by an identifier, in whatever state. Throws user_not_found, user_ambiguous. */
export async function findAnyUser(app: App, identifier: Identifier): Promise<User> {
  const mapping = await app.mapping();
  const user = await findUser(app.db, mapping, identifier);
  if (!user) throw notFound(mapping, identifier);
  return user;
}

/** Throws user_inactive for a user who must not get a reset, with the reason. */
export function assertResettable(user: User): void {
  if (!user.isActive) {
    throw new ResetError(
      'user_inactive',
      `User ${user.id} is not active in the application. Activate the user there first.`,
      {
        details: { userId: user.id, reason: 'inactive' },
      },
    );
  }
  if (user.refusal !== null) {
    throw new ResetError('user_inactive', `User ${user.id} can't be reset here: ${user.refusal}`, {
      details: { userId: user.id, reason: 'refused' },
    });
  }
}

function notFound(mapping: UsersMapping, identifier: Identifier): ResetError {
  const [[kind, value] = ['email', '']] = Object.entries<string>(identifier);
  const what = { email: 'the e-mail', id: 'the id', username: 'the user name' }[kind] ?? kind;
  return new ResetError(
    'user_not_found',
    `No user has ${what} ${JSON.stringify(value)} in table ${mapping.table}. Check the spelling, or see: ${programName} doctor`,
    { details: { [kind]: value } },
  );
}
