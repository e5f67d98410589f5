import type { App } from '../../app.ts';
import { record } from '../../audit/record.ts';
import { isEmail } from '../../values/email.ts';
import { ResetError } from '../../errors.ts';
import { assertPassword } from '../passwords/check-new-password.ts';
import { hashNewPassword } from '../passwords/hash-new-password.ts';

export interface NewUser {
  readonly email: string;
  readonly username?: string | undefined;
  readonly locale?: string | undefined;
  /** as typed; none yet if absent */
  readonly password?: string | undefined;
}

/** Add a user to the `default` preset's table. Throws usage_invalid, password_rejected, config_invalid. */
export async function createUser(
  app: App,
  { email, username, locale, password }: NewUser,
): Promise<{ userId: string; email: string }> {
  if (app.config.users.preset !== 'default') {
    throw new ResetError(
      'usage_invalid',
      `Users of the preset ${app.config.users.preset} are created in that application, not here.`,
    );
  }
  if (!isEmail(email))
    throw new ResetError('usage_invalid', `${JSON.stringify(email)} is not an e-mail address.`);
  const encoded = password === undefined ? undefined : await firstHash(app, { email, username }, password);
  const store = await app.users();
  const { id: userId } = await store.add({ email, username, locale, encoded }, app.clock.now());
  await record(app.ledger, app.clock.now(), {
    event: 'user_added',
    result: 'ok',
    actor: app.operator,
    userId,
  });
  return { userId, email };
}

async function firstHash(
  app: App,
  { email, username }: Pick<NewUser, 'email' | 'username'>,
  password: string,
): Promise<string> {
  const user = {
    id: '',
    email,
    name: username ?? null,
    locale: null,
    isActive: true,
    refusal: null,
    encoded: null,
    seen: {},
  };
  return (await hashNewPassword(app, user, await assertPassword(app, user, password))).encoded;
}
