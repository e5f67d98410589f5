import type { App } from '../../app.ts';
import { maskEmail } from '../../log.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { describeUnknown } from '../../passwords/known-hash.ts';
import { tableWarnings } from '../../users/mapping/table-warnings.ts';
import { countUsers, listUsers } from '../../users/reading/list-users.ts';

/** One user as a reset would read it, so that the operator can recognise it; personal and secret values are masked. */
export interface SampleUser {
  readonly count: number;
  /** what the operator should know about this table, one sentence each */
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

/** The first user of the table. Throws config_invalid when the mapping does not fit the schema. */
export async function readSampleUser(app: App): Promise<SampleUser> {
  const mapping = await app.mapping();
  const warnings = tableWarnings(mapping);
  const count = await countUsers(app.usersDb, mapping);
  for await (const { id, email, name, isActive, locale, encoded } of listUsers(app.usersDb, mapping)) {
    const password = describeHash(encoded, mapping.hashFormat ?? undefined);
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
