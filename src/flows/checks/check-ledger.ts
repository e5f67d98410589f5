import { chmod } from 'node:fs/promises';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { explainError, type App } from '../../app.ts';
import { parseDatabaseUrl } from '../../db/connect.ts';
import { listTables } from '../../db/introspect.ts';
import { programName } from '../../values/program-name.ts';
import { distrust } from '../../values/trusted-path.ts';
import { DATA_TABLES } from '../setup/own-tables.ts';
import { checkLedgerServer } from './check-database.ts';
import { failureOf, ofLedger, warning, type Finding } from './finding.ts';

/** The database of reset's own tables, where that is another one than the application's. */
export async function checkLedger(app: App): Promise<Finding[]> {
  if (!app.isApart) return [];
  try {
    return [...ofLedger(await checkLedgerServer(app)), ...checkFile(app), ...(await checkLeftBehind(app))];
  } catch (error) {
    return [failureOf('ledger_unusable', explainError(error))];
  }
}

/** Its file holds people's addresses, and decides which links are good: nobody else reads or replaces it. */
function checkFile({ config }: App): Finding[] {
  const target = parseDatabaseUrl(config.ledger?.reveal() ?? 'sqlite:.');
  if (target.dialect !== 'sqlite') return [];
  const file = resolve(target.path);
  if (!existsSync(file) || process.getuid === undefined) return [];
  const distrusted = distrust(file);
  if (distrusted)
    return [warning('ledger_exposed', `${distrusted.path} ${distrusted.why}`, { remedy: distrusted.remedy })];
  if ((statSync(file).mode & 0o077) === 0) return [];
  const fix = { run: () => chmod(file, 0o600), done: `only its owner can read ${file} now (chmod 600)` };
  const message = `${file} holds addresses and links, and others on this machine can read it`;
  return [warning('ledger_exposed', message, { remedy: `chmod 600 ${file}`, fix })];
}

/** Whoever set `ledger` later has the links and the history still in the application's database. */
async function checkLeftBehind({ usersDb, ledger }: App): Promise<Finding[]> {
  const old = (await listTables(usersDb)).filter((table) => DATA_TABLES.includes(table));
  if (old.length === 0) return [];
  const isThere = (await listTables(ledger)).includes('reset_audit');
  const first: unknown = isThere ? await ledger('reset_audit').first('id') : undefined;
  const remedy =
    first !== undefined
      ? `if nobody needs what they hold: drop table ${old.join(', ')}, reset_migrations, reset_migrations_lock;`
      : `${programName} migrate --move-from database`;
  return [
    warning('tables_left_behind', "reset's tables also stand in the application's database, unused", {
      remedy,
    }),
  ];
}
