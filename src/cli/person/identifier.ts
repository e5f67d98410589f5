import type { Identifier } from '../../create-reset.ts';
import { ResetError } from '../../errors.ts';
import { plainAddress } from '../../values/plain-address.ts';

export interface IdentifierOptions {
  readonly id?: string | undefined;
  readonly username?: string | undefined;
}

/** One user, named by the argument (an address as people copy it) or by an option. Throws usage_invalid. */
export function identifierFrom(emails: readonly string[], { id, username }: IdentifierOptions): Identifier {
  const [email, ...more] = emails;
  const given = [email, id, username].filter((value) => value !== undefined);
  if (given.length !== 1 || more.length > 0) {
    throw new ResetError('usage_invalid', 'Name one user: by e-mail address, or by --id, or by --username.');
  }
  if (id !== undefined) return { id };
  if (username !== undefined) return { username };
  return { email: plainAddress(email ?? '') };
}
