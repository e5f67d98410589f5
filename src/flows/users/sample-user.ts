import type { App } from '../../app.ts';
import { maskEmail } from '../../log.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { describeUnknown } from '../../passwords/known-hash.ts';

/** One user as a reset would read it, so that the operator can recognise it; personal and secret values are masked. */
export interface SampleUser {
  readonly count: number;
  /** what the operator should know about this store, one sentence each */
  readonly warnings: readonly string[];
  readonly user?: {
    readonly id: string;
    readonly email: string;
    readonly name: string | null;
    readonly isActive: boolean;
    readonly locale: string | null;
    /** format and parameters; never the hash */
    readonly password: string;
  };
}

/** The first user. Throws config_invalid when the mapping does not fit the schema. */
export async function readSampleUser(app: App): Promise<SampleUser> {
  const store = await app.users();
  const { warnings } = store.description;
  const count = await store.count();
  for await (const { id, email, name, isActive, locale, encoded } of store.list()) {
    const password = describeHash(encoded, store.passwords.hashFormat ?? undefined);
    const shown = name === null ? null : `${name.slice(0, 1)}***`;
    return {
      count,
      warnings,
      user: { id, email: maskEmail(email), name: shown, isActive, locale, password },
    };
  }
  return { count, warnings };
}

function describeHash(encoded: string | null, preferred: string | undefined): string {
  if (encoded === null || encoded === '') return 'none yet';
  const format = identifyFormat(encoded, preferred);
  if (!format) return `in a format that reset does not know (${describeUnknown(encoded)})`;
  const { parameters } = format.summary(encoded);
  return [format.name, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(' ');
}
