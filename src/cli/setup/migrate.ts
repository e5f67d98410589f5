import { migrateDatabase, readMigrationStatus } from '../../flows/setup/migrate-database.ts';
import type { Command } from '../context.ts';
import { withApp } from '../open-app.ts';
import { programName } from '../../values/program-name.ts';

/** `reset migrate [up|status]` */
export const migrate: Command = (context, [what = 'up']) => {
  return withApp(context, { needed: ['database'], isSetup: true }, async ({ app }) => {
    const { output } = context;
    if (what === 'status') {
      const status = await readMigrationStatus(app);
      const lines = [
        ...status.applied.map((name) => `applied  ${name}`),
        ...status.pending.map((name) => `pending  ${name}`),
      ];
      output.result(status, lines);
      if (status.pending.length > 0) output.info(`Run: ${programName} migrate`);
      return 0;
    }
    const { applied, usersTable, place } = await migrateDatabase(app);
    const text =
      applied.length === 0
        ? `The tables in ${place} are up to date.`
        : `Applied ${applied.join(', ')} in ${place}.`;
    output.result(
      { applied, usersTable },
      [text, ...(usersTable === 'created' ? ['  Created the table users there.'] : [])],
      'ok',
    );
    return 0;
  });
};
