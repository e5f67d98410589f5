import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import type { User } from '../../types.ts';
import { sameEmail } from '../../values/email.ts';
import { createUser } from '../users/create-user.ts';
import { findResettableUser } from '../users/find-resettable-user.ts';
import { hashNewPassword } from '../passwords/hash-new-password.ts';
import { writeJournal } from './journal.ts';

export interface CanaryChoice {
  /** `--email` */
  readonly email?: string | undefined;
  /** `--allow`: this is a test user */
  readonly isAllowed: boolean;
}

/** The test user of a run. */
export interface Canary {
  readonly id: string;
  readonly email: string;
  /** a password that the user has now */
  readonly password: string;
  /** format of the hash that was there before; null for a user made for the run */
  readonly formatBefore: string | null;
}

/**
 * The user named by `--email` or `smoke.user`, or one made for this run in the `default` preset's table. Throws
 * usage_invalid for a user who is not marked as a test user: a typing error must not change a real person's password.
 */
export async function chooseCanary(app: App, { email, isAllowed }: CanaryChoice): Promise<User | undefined> {
  const marked = app.config.smoke.user;
  const wanted = email ?? marked;
  if (wanted === undefined) {
    if (app.config.users.preset === 'default') return undefined;
    const message = 'Name a test user: set smoke.user, or give --email ADDRESS --allow.';
    throw new ResetError('usage_invalid', message);
  }
  const isMarked = isAllowed || (marked !== undefined && sameEmail(wanted, marked));
  if (!isMarked) {
    const message = `${wanted} is not marked as a test user. Set smoke.user to this address, or add --allow.`;
    throw new ResetError('usage_invalid', message);
  }
  const user = await findResettableUser(app, { email: wanted });
  if (user.encoded !== null && user.encoded !== '') return user;
  throw new ResetError(
    'user_inactive',
    `${wanted} has no password that could be restored. Give this user one first.`,
  );
}

/** Gives the user a known password, once the journal can take it back. */
export async function prepareCanary(app: App, user: User | undefined): Promise<Canary> {
  const password = makePassword(app);
  return user ? setKnownPassword(app, user, password) : makeUser(app, password);
}

/** As long as the strictest policy asks, and short enough for bcrypt. */
export const makePassword = (app: App): string =>
  randomBytes(54).toString('base64url').slice(0, Math.max(24, app.config.password.minLength));

async function setKnownPassword(app: App, user: User, password: string): Promise<Canary> {
  const encoded = user.encoded ?? '';
  const store = await app.users();
  const { encoded: known } = await hashNewPassword(app, user, password);
  await writeJournal(app, { userId: user.id, encoded });
  const isWritten = await store.transaction((users) => users.writePassword(user, known, app.clock.now()));
  if (!isWritten)
    throw new ResetError('database_unavailable', `User ${user.id} changed in the meantime. Run it again.`);
  const formatBefore = identifyFormat(encoded, store.passwords.hashFormat ?? undefined)?.name ?? null;
  return { id: user.id, email: user.email, password, formatBefore };
}

async function makeUser(app: App, password: string): Promise<Canary> {
  const domain = app.config.mail.from?.address.split('@')[1] ?? 'example.com';
  const email = `reset-smoke-${randomBytes(4).toString('hex')}@${domain}`;
  await writeJournal(app, { madeEmail: email });
  const { userId } = await createUser(app, { email, password });
  return { id: userId, email, password, formatBefore: null };
}
