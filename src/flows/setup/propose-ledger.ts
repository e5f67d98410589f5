import type { App } from '../../app.ts';
import { listTables } from '../../db/introspect.ts';
import { mayCreateTables } from '../../db/probe-rights.ts';
import { findSchemaTools } from './schema-tools.ts';

/** Where our own tables should go, and why. */
export interface LedgerProposal {
  /** `here`: they are in the application's database already; `beside` it would be fine; `apart` is better */
  readonly place: 'here' | 'beside' | 'apart';
  /** the reason for `apart`, as a sentence */
  readonly why?: string;
}

/** Looks at the application's database. */
export async function proposeLedger({ usersDb }: App): Promise<LedgerProposal> {
  if ((await listTables(usersDb)).includes('reset_migrations')) return { place: 'here' };
  if (!(await mayCreateTables(usersDb)))
    return { place: 'apart', why: 'This database user may not create tables here.' };
  const [tool] = await findSchemaTools(usersDb);
  return tool === undefined
    ? { place: 'beside' }
    : { place: 'apart', why: `${tool.name} manages the schema of this database and ${tool.threat}.` };
}
