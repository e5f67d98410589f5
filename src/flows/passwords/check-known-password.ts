import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { describeUnknown } from '../../passwords/known-hash.ts';
import type { Identifier } from '../../users/store/identifier.ts';
import { acceptsPassword } from './accepts-password.ts';
import { findAnyUser } from '../users/find-resettable-user.ts';
import { programName } from '../../values/program-name.ts';

export interface KnownPasswordResult {
  readonly accepted: true;
  readonly userId: string;
  readonly email: string;
  readonly hashFormat: string;
}

/**
 * Does the stored hash accept a password that somebody knows? The only way to find a pepper or a private prehash
 * before anything is written. Throws password_rejected when it does not.
 */
export async function checkKnownPassword(
  app: App,
  identifier: Identifier,
  password: string,
): Promise<KnownPasswordResult> {
  const user = await findAnyUser(app, identifier);
  const { passwords } = await app.users();
  if (user.encoded === null) throw refused(user.id, 'has no password in the table', null);
  const format = identifyFormat(user.encoded, passwords.hashFormat ?? undefined)?.name ?? null;
  if (format === null)
    throw refused(
      user.id,
      `has a hash of a format that reset does not know (${describeUnknown(user.encoded)})`,
      null,
    );
  if (!(await acceptsPassword(passwords, user.encoded, password))) {
    throw refused(
      user.id,
      `has a ${format} hash that does not accept this password. If you are sure of the password, the application mixes something in (a pepper, a prehash), or the preset is wrong. See: ${programName} presets`,
      format,
    );
  }
  return { accepted: true, userId: user.id, email: user.email, hashFormat: format };
}

const refused = (userId: string, why: string, hashFormat: string | null) =>
  new ResetError('password_rejected', `User ${userId} ${why}.`.replace(/([^.])\.\.$/, '$1.'), {
    details: {
      accepted: false,
      userId,
      hashFormat,
      violations: [{ code: 'not_accepted', message: `The user ${why}` }],
    },
  });
