import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { assertKnownHash } from '../passwords/assert-known-hash.ts';
import { isEmail } from '../../values/email.ts';
import { nameUser } from '../../values/name-user.ts';
import { oneLine } from '../../values/printable.ts';
import { programName, quoteWord } from '../../values/program-name.ts';

/**
 * The user named by an identifier, active and with a hash that reset can replace. Throws user_not_found, user_inactive,
 * user_ambiguous, config_invalid for a hash of an unknown format.
 */
export async function findResettableUser(app: App, identifier: Identifier): Promise<User> {
  const store = await app.users();
  const user = await store.find(identifier);
  if (!user) throw notFound(identifier);
  assertResettable(user);
  await assertKnownHash(app, user);
  return user;
}

/** The user named by an identifier, in any state. Throws user_not_found, user_ambiguous. */
export async function findAnyUser(app: App, identifier: Identifier): Promise<User> {
  const store = await app.users();
  const user = await store.find(identifier);
  if (!user) throw notFound(identifier);
  return user;
}

/** Throws user_inactive for a user who must not get a reset, with the reason. */
export function assertResettable(user: User): void {
  const who = nameOf(user);
  if (!user.isActive) {
    throw new ResetError(
      'user_inactive',
      `${who} is not active in the application. Activate the account there, then send again.`,
      {
        details: { userId: user.id, reason: 'inactive' },
      },
    );
  }
  if (user.refusal !== null) {
    throw new ResetError('user_inactive', `${who} can't be reset here: ${user.refusal}`, {
      details: { userId: user.id, reason: 'refused' },
    });
  }
}

function notFound(identifier: Identifier): ResetError {
  return new ResetError('user_not_found', `${describeMissing(identifier)} ${searchHint(identifier)}`, {
    details: { ...identifier },
  });
}

/** `No user has the address susan@exmaple.com.` */
export function describeMissing(identifier: Identifier): string {
  const typed = oneLine(typedIn(identifier), 100);
  const what = 'email' in identifier ? 'the address' : 'id' in identifier ? 'the id' : 'the user name';
  const isPlain = 'email' in identifier && isEmail(typed);
  return `No user has ${what} ${isPlain ? typed : JSON.stringify(typed)}.`;
}

/** `Search: reset user find susan`: of an address that nobody has, the name in it, since the rest may be wrong. */
export function searchHint(identifier: Identifier): string {
  const typed = oneLine(typedIn(identifier), 100);
  return `Search: ${programName} user find ${quoteWord(/^[^@]{2,}(?=@)/.exec(typed)?.[0] ?? typed)}`;
}

const typedIn = (identifier: Identifier): string => Object.values<string>(identifier)[0] ?? '';

/** `susan@example.com (user 1)`; without an address `User 1`, since a sentence begins with it. */
const nameOf = ({ id, email }: User): string =>
  email.trim() === '' ? `User ${id}` : nameUser({ userId: id, email: oneLine(email, 100) });
