import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { makeAccessTables } from './access-site.ts';
import { makeSetup, type Setup } from './run-reset.ts';

export interface AccessSetup extends Omit<Setup, 'open' | 'openLedger' | 'database'> {
  /** a connection to the application's tables and ours */
  readonly db: Db;
}

/** A setup on the tables of an application, in which Susan has everything that its preset's `access` knows. */
export async function makeAccessSetup(
  preset: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<AccessSetup> {
  const setup = await makeSetup();
  const database = `sqlite:${join(setup.folder, 'site.db')}`;
  const db = await connect(database, { mayCreate: true });
  onTestFinished(() => db.destroy());
  await makeAccessTables({ db }, preset);
  await migrateUp(db);
  await setup.configure({ database, 'users.preset': preset, ...changes });
  return { ...setup, db };
}
