import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import type { User } from '../../types.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { isEmail } from '../../values/email.ts';
import { oneLine } from '../../values/printable.ts';
import { programName } from '../../values/program-name.ts';
import { findResettableUser } from './find-resettable-user.ts';

/** The user named by an identifier, who may be reset and has an address that a mail can go to. Throws user_*. */
export async function findReachableUser(app: App, identifier: Identifier): Promise<User> {
  const user = await findResettableUser(app, identifier);
  await assertReachable(app, user, identifier);
  return user;
}

/** Throws user_unreachable for a user, who was named so, without an address that a mail can go to. */
export async function assertReachable(app: App, user: User, identifier: Identifier): Promise<void> {
  if (isEmail(user.email)) return;
  const { places } = (await app.users()).description;
  throw unreachable(user, identifier, places.email);
}

function unreachable(user: User, identifier: Identifier, where: string): ResetError {
  const { id, email } = user;
  const named = 'username' in identifier ? identifier.username : (user.username ?? user.name ?? '');
  const who = named.trim() === '' ? `User ${id}` : `${oneLine(named, 100)} (user ${id})`;
  const what =
    email.trim() === ''
      ? `${who} has no e-mail address in ${where}. Add one in the application`
      : `${who} has ${JSON.stringify(oneLine(email, 100))} in ${where}, which is not an e-mail address. Correct it in the application`;
  return new ResetError('user_unreachable', `${what}, or hand over a link: ${programName} link --id ${id}`, {
    details: { userId: id },
  });
}
