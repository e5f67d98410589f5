import type { App } from '../../app.ts';
import { ResetError } from '../../errors.ts';
import { migrateDatabase, readMigrationStatus } from '../../flows/setup/migrate-database.ts';
import { moveLedger } from '../../flows/setup/move-ledger.ts';
import { plural } from '../../values/plural.ts';
import { programName } from '../../values/program-name.ts';
import type { Command, Context } from '../command/context.ts';
import type { OptionsOf } from '../command/define-command.ts';
import { withApp } from '../command/open-app.ts';
import { startWaiting } from '../terminal/waiting.ts';
import type { migrateOptions } from './declare.ts';

/** `reset migrate [up|status]`, `reset migrate --move-from URL` */
export const migrate: Command<OptionsOf<typeof migrateOptions>> = (context, [what = 'up'], { moveFrom }) => {
  return withApp(context, { needed: ['database'], isSetup: true }, async ({ app }) => {
    if (moveFrom !== undefined) await move(context, app, what, moveFrom);
    else if (what === 'status') await printStatus(context, app);
    else await bringUp(context, app);
    return 0;
  });
};

async function printStatus({ output }: Context, app: App): Promise<void> {
  const { applied, pending, unknown } = await readMigrationStatus(app);
  const lines = [...applied.map((name) => `applied  ${name}`), ...pending.map((name) => `pending  ${name}`)];
  output.result({ applied, pending, unknown }, lines);
  if (pending.length > 0) output.info(`Run: ${programName} migrate`);
}

async function bringUp({ output }: Context, app: App): Promise<void> {
  const { applied, usersTable, place, usersPlace } = await migrateDatabase(app);
  const text =
    applied.length === 0
      ? `The tables in ${place} are up to date.`
      : `Applied ${applied.join(', ')} in ${place}.`;
  const where = app.isApart ? `in ${usersPlace}` : 'there';
  output.result(
    { applied, usersTable, place, ...(app.isApart ? { usersPlace } : {}) },
    [text, ...(usersTable === 'created' ? [`  Created the table users ${where}.`] : [])],
    'ok',
  );
}

/** What stands for the URL of the configured `database`, so that no password has to be an argument. */
const CONFIGURED = 'database';

async function move(context: Context, app: App, what: string, wanted: string): Promise<void> {
  const { output } = context;
  if (what !== 'up') throw new ResetError('usage_invalid', '--move-from cannot be used with status.');
  const from = wanted === CONFIGURED ? (app.config.database?.reveal() ?? '') : wanted;
  const waiting = startWaiting(context, 'moving the tables');
  const step = (done: string) => {
    waiting.say(`moving the tables: ${done}`);
  };
  const {
    from: old,
    to,
    moved,
  } = await moveLedger(app, { from, step }).finally(() => {
    waiting.end();
  });
  const rows = Object.values(moved).reduce((sum, count) => sum + count, 0);
  const tables = Object.keys(moved).length;
  output.result(
    { from: old, to, moved },
    [
      `Moved ${plural(tables, 'table')} with ${plural(rows, 'row')} from ${old} to ${to}.`,
      '  Every row was compared before the old tables were dropped.',
    ],
    'ok',
  );
  if (app.config.flagged.has('ledger'))
    output.info('Keep it: set "ledger" in reset.config.json, or RESET_LEDGER.');
  output.info(`Start workers and listeners again with this configuration, then: ${programName} doctor`);
}
