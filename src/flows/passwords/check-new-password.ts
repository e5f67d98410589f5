import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { loadBlocklist } from '../../passwords/load-blocklist.ts';
import type { PolicyVerdict } from '../../passwords/policy.ts';
import { checkPassword } from '../../passwords/policy.ts';
import { tooCommon } from '../../passwords/policy-rule.ts';
import type { User } from '../../types.ts';
import { acceptsPassword } from './accepts-password.ts';
import { describePolicy } from './describe-policy.ts';
import type { StoredPassword } from './hash-new-password.ts';

/** The policy, the same everywhere (R35): reports every violation at once. */
export async function checkNewPassword(
  app: App,
  user: StoredPassword & Pick<User, 'email' | 'name'>,
  typed: string,
): Promise<PolicyVerdict> {
  const { password, baseUrl, appName } = app.config;
  const verdict = await checkPassword(
    typed,
    {
      appName,
      host: baseUrl === undefined ? undefined : new URL(baseUrl).hostname,
      email: user.email,
      name: user.name,
    },
    {
      ...(await describePolicy(app, user)),
      blocklist: password.blocklist === undefined ? undefined : await loadBlocklist(password.blocklist),
    },
  );
  // Asked whatever the other rules said, so that response times reveal nothing (R36). Refused in the words of a
  // common password, because whoever holds a link must not be able to learn the current one by guessing.
  const { passwords } = await app.users();
  const isCurrent = password.differs && (await acceptsPassword(passwords, user.encoded, verdict.password));
  if (!isCurrent || verdict.violations.some(({ code }) => code === tooCommon.code)) return verdict;
  return { ...verdict, violations: [...verdict.violations, tooCommon] };
}

/** The password normalised and accepted. Throws password_rejected with `details.violations`. */
export async function assertPassword(app: App, user: User, typed: string): Promise<string> {
  const { password, violations } = await checkNewPassword(app, user, typed);
  if (violations.length > 0) {
    const reasons = violations.map(({ message }) => `  ${message}`);
    throw new ResetError('password_rejected', ["This password can't be used:", ...reasons], {
      details: { violations },
    });
  }
  return password;
}
