import type { App } from '../../app.ts';
import type { PolicySettings } from '../../passwords/policy-rule.ts';
import { formatFor, type StoredPassword } from './hash-new-password.ts';

/** What a person should know before typing a new password, and what the page counts by while they type. */
export interface PolicyFacts {
  /** code points */
  readonly minLength: number;
  /** characters as forms count them, where the application's own login has a limit */
  readonly maxLength: number | undefined;
  /** UTF-8 bytes, where the hash format has a limit */
  readonly maxBytes: number | undefined;
  /** what is done to the typed password before it is counted and hashed */
  readonly normalize: NonNullable<PolicySettings['normalize']>;
}

/** The numbers of the policy for this user: those that the page shows are those that decide. */
export async function describePolicy(app: App, user: StoredPassword): Promise<PolicyFacts> {
  const { password } = app.config;
  const { maxLength, normalize, prehash } = (await app.users()).passwords;
  const { format } = await formatFor(app, user);
  const maxBytes = prehash === undefined ? format.maxBytes : undefined; // a digest is as long as any other
  return {
    minLength: password.minLength,
    ...reachable(maxLength, maxBytes),
    normalize: password.normalize ?? normalize,
  };
}

/** A character, as forms count them, has one to three bytes. So one of the two limits may be out of reach. */
function reachable(
  maxLength: number | undefined,
  maxBytes: number | undefined,
): Pick<PolicyFacts, 'maxLength' | 'maxBytes'> {
  if (maxLength === undefined || maxBytes === undefined) return { maxLength, maxBytes };
  if (maxLength * 3 <= maxBytes) return { maxLength, maxBytes: undefined };
  return { maxLength: maxLength < maxBytes ? maxLength : undefined, maxBytes };
}
