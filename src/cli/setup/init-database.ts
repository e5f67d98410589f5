import { findDatabases, missingFile } from '../../flows/setup/find-databases.ts';
import type { Context } from '../command/context.ts';
import type { Settings } from './init-settings.ts';

const TYPED = '';

/** Asks for the database, with what the folder holds as a proposal, and before a file would be created. */
export async function settleDatabase({ ask }: Context, settings: Settings, isAsking: boolean): Promise<void> {
  const found = isAsking && !settings.has('database') ? findDatabases(process.cwd()) : [];
  if (found.length > 0) {
    const chosen = await ask.choose('Database:', [
      ...found.map(({ url, label }) => ({ name: label, value: url })),
      { name: 'another one (type it in)', value: TYPED },
    ]);
    if (chosen !== TYPED) settings.choose('database', chosen);
  }
  for (;;) {
    await settings.settle('database', 'Database (sqlite:PATH, postgres://…, mysql://…):');
    const missing = isAsking ? missingFile(settings.toWrite('database')) : undefined;
    if (missing === undefined) return;
    if (await ask.confirm(`There is no file ${missing}. Create a new database there?`, false)) return;
    settings.forget('database');
  }
}
