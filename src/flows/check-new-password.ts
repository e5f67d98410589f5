import type { App } from '../app.ts';
import { ResetError } from '../errors.ts';
import { loadBlocklist } from '../passwords/load-blocklist.ts';
import type { PolicyVerdict } from '../passwords/policy.ts';
import { checkPassword } from '../passwords/policy.ts';
import type { User } from '../types.ts';
import { formatFor } from './hash-new-password.ts';

/** The one policy, the same at every door (R35): every violation at once. */
export async function checkNewPassword(
  app: App,
  user: Pick<User, 'encoded' | 'email' | 'name'>,
  typed: string,
): Promise<PolicyVerdict> {
  const { password, baseUrl, appName } = app.config;
  const mapping = await app.mapping();
  const { maxBytes } = (await formatFor(app, user.encoded)).format;
  return checkPassword(
    typed,
    {
      appName,
      host: baseUrl === undefined ? undefined : new URL(baseUrl).hostname,
      email: user.email,
      name: user.name,
    },
    {
      minLength: password.minLength,
      maxBytes,
      normalize: password.normalize ?? mapping.normalize,
      blocklist: password.blocklist === undefined ? undefined : await loadBlocklist(password.blocklist),
    },
  );
}

/** The password normalised and accepted. Throws password_rejected with `details.violations`. */
export async function assertPassword(app: App, user: User, typed: string): Promise<string> {
  const { password, violations } = await checkNewPassword(app, user, typed);
  if (violations.length > 0) {
    const reasons = violations.map(({ message }) => `  ${message}`).join('\n');
    throw new ResetError('password_rejected', `This password can't be used:\n${reasons}`, {
      details: { violations },
    });
  }
  return password;
}
