import type { App } from '../app.ts';
import type { User } from '../types.ts';
import { formatFor } from './hash-new-password.ts';

export interface PolicyFacts {
  /** code points */
  readonly minLength: number;
  /** UTF-8 bytes, where the hash format has a limit */
  readonly maxBytes: number | undefined;
}

/** What a person should know before typing a new password. */
export async function describePolicy(app: App, user: Pick<User, 'encoded'>): Promise<PolicyFacts> {
  const { maxBytes } = (await formatFor(app, user.encoded)).format;
  return { minLength: app.config.password.minLength, maxBytes };
}
