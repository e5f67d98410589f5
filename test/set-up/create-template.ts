import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connect } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { createUsersTable } from '../../src/users/writing/create-users-table.ts';
import { removeFolder } from '../helpers/temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** path of a migrated SQLite database with an empty users table, to be copied */
    template: string;
  }
}

/** Migrates once what almost every test begins with. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-template-'));
  const path = join(folder, 'template.db');
  const db = await connect(`sqlite:${path}`, { mayCreate: true });
  await migrateUp(db);
  await createUsersTable(db);
  await db.destroy();
  provide('template', path);
  return () => removeFolder(folder);
}
