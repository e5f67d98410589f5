import type { App } from '../../app.ts';
import { explainError } from '../../app.ts';
import type { Inspected } from '../../config/load.ts';
import { isResetError } from '../../errors.ts';
import type { Clock } from '../../types.ts';
import { checkBaseUrl } from './check-base-url.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkServer } from './check-database.ts';
import { checkKey } from './check-key.ts';
import { checkLedger } from './check-ledger.ts';
import { checkMail } from './check-mail.ts';
import { checkNative } from './check-native.ts';
import { checkPasswords } from './check-passwords.ts';
import { checkRequests } from './check-requests.ts';
import { checkRights } from './check-rights.ts';
import { checkEngines, checkMigrations, checkOutbox } from './check-tables.ts';
import { checkSchemaTools } from './check-schema-tools.ts';
import { checkTemplates } from './check-templates.ts';
import { checkUsers } from './check-users.ts';
import type { Finding } from './finding.ts';
import type { FindingCode } from './finding-codes.ts';
import { failureOf } from './finding.ts';

export type { Finding } from './finding.ts';

export interface SetupToCheck {
  readonly inspected: Inspected;
  readonly clock: Clock;
  /** opens the database; closed here */
  readonly open: () => Promise<App>;
  /** visit the base URL, too */
  readonly isOnline?: boolean;
  /** the recipient to ask the mail server about */
  readonly recipient?: string | undefined;
}

/** Everything that can be looked at without sending a mail or changing a row. What is broken hides nothing else. */
export async function* checkSetup(setup: SetupToCheck): AsyncGenerator<Finding> {
  const { inspected, clock, recipient, isOnline = false } = setup;
  const { config } = inspected;
  yield* checkConfiguration(inspected);
  yield* checkKey(config);
  yield* await checkBaseUrl(config, isOnline);
  yield* await guarded('templates_unusable', () => checkTemplates(config, clock));
  yield* await guarded('mail_server_unusable', () => checkMail({ config, clock, recipient }));
  if (config.database !== undefined) yield* checkDatabase(setup);
}

async function* checkDatabase({ open, isOnline = false }: SetupToCheck): AsyncGenerator<Finding> {
  let app: App | undefined;
  try {
    app = await open();
    yield* await checkServer(app);
    const ledger = await checkLedger(app);
    yield* ledger;
    if (ledger.some(({ code }) => code === 'ledger_unusable')) {
      yield* (await checkUsers(app)).findings;
      return;
    }
    const rights = await checkRights(app);
    yield* rights;
    if (rights.some(({ status }) => status === 'failure')) return; // the rest would only say so again
    const migrations = await checkMigrations(app);
    yield migrations;
    yield* await checkEngines(app);
    yield* await checkSchemaTools(app);
    const { findings, mapping } = await checkUsers(app);
    yield* findings;
    if (mapping) yield* await checkPasswords(app);
    if (mapping) yield* await checkNative(app, isOnline);
    if (migrations.status !== 'ok') return;
    yield* await checkOutbox(app);
    yield* await checkRequests(app);
  } catch (error) {
    yield failureOf('database_unusable', explainError(error));
  } finally {
    await app?.close();
  }
}

/** A group that can't even be looked at is one failure, and the next group goes on. */
async function guarded(code: FindingCode, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (isResetError(error)) return [failureOf(code, error)];
    throw error;
  }
}
