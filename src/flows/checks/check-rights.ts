import type { App } from '../../app.ts';
import { dialectOf, type Db } from '../../db/connect.ts';
import { describeServer } from '../../db/describe-server.ts';
import { findMissingRights, grantsFor, quoteUser, type TableRights } from '../../db/probe-rights.ts';
import { quoteName } from '../../db/quote-name.ts';
import { findRowSecurity } from '../../db/row-security.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { isSplitPassword, mappingOf } from '../../users/mapping/index.ts';
import { neededRights } from '../../users/mapping/needed-rights.ts';
import { checkAccessRights } from './check-access-rights.ts';
import type { Finding } from './finding.ts';
import { failure, ofLedger, ok, warning } from './finding.ts';

const ALL = ['select', 'insert', 'update', 'delete'] as const;

/** Our own tables. Rows are only ever added to the audit log. */
export const OWN_TABLES: readonly TableRights[] = [
  { table: 'reset_outbox', rights: ALL, columns: ['state'] },
  { table: 'reset_tokens', rights: ALL, columns: ['state'] },
  { table: 'reset_audit', rights: ['select', 'insert'], columns: ['id'] },
  { table: 'reset_throttle', rights: ALL, columns: ['points'] },
  { table: 'reset_batches', rights: ALL, columns: ['state'] },
  { table: 'reset_rate', rights: ALL, columns: ['next_at'] },
  { table: 'reset_smoke', rights: ALL, columns: ['encoded'] },
  { table: 'reset_locks', rights: ALL, columns: ['encoded'] },
  { table: 'reset_suppressed', rights: ALL, columns: ['address'] },
  { table: 'reset_intents', rights: ALL, columns: ['holds'] },
  { table: 'reset_migrations', rights: ['select'], columns: ['name'] },
];

const COUNTED = ['reset_outbox', 'reset_tokens', 'reset_audit', 'reset_smoke'];

/**
 * Tries each right that a reset needs, on no row; the details list all of them as SQL. This check comes first, because a
 * user without rights may not even see that a table exists.
 */
export async function checkRights(app: App): Promise<Finding[]> {
  const { usersDb, ledger, isApart } = app;
  const mapping = await findMapping(app);
  const users = mapping ? neededRights(mapping) : [];
  const access = await checkAccessRights(app);
  if (!isApart) return [...(await checkOn(ledger, [...users, ...OWN_TABLES])), ...access];
  return [...(await checkOn(usersDb, users)), ...access, ...ofLedger(await checkOn(ledger, OWN_TABLES))];
}

async function checkOn(db: Db, needed: readonly TableRights[]): Promise<Finding[]> {
  const { user } = await describeServer(db);
  if (user === null || needed.length === 0) return [];
  const missing = await findMissingRights(db, needed);
  const name = quoteUser(user);
  const grants = [...grantsFor(db, needed, name), ...sequenceGrants(db, needed, name)];
  const guarded = await findRowSecurity(db, [...new Set(needed.map(({ table }) => table))]);
  const hidden = guarded.map((table) => rowSecurity(quoteName(db, table), user, name));
  if (missing.length === 0) {
    const rows = guarded.length === 0 ? '' : ', on the rows that row-level security lets it use';
    return [
      ok('rights_complete', `${user} has every right that a reset needs${rows}`, { details: { grants } }),
      ...hidden,
    ];
  }
  const list = missing.map(({ table, rights }) => `${rights.join(', ')} on ${table}`).join('; ');
  return [
    failure('rights_missing', `${user} lacks: ${list}`, {
      remedy: grantsFor(db, missing, name).join('\n'),
      details: { grants },
    }),
    ...hidden,
  ];
}

/** Policies may let this user see and change every row; no query can find out. */
const rowSecurity = (table: string, user: string, name: string): Finding =>
  warning(
    'row_security',
    `row-level security is on for ${table}: ${user} sees and changes only the rows that its policies allow, and the others look as if they did not exist`,
    {
      remedy: `create policy reset_all on ${table} to ${name} using (true) with check (true);\nor, as a superuser: alter role ${name} bypassrls;`,
    },
  );

/** The mapping that the schema confirms; where the schema can't be read, what every mapping needs of its tables. */
const findMapping = (app: App): Promise<UsersMapping | undefined> =>
  app.mapping().catch(() => guessMapping(app));

function guessMapping({ config }: App): UsersMapping | undefined {
  const { preset, overrides } = config.users;
  try {
    if (isSplitPassword(preset, overrides)) return undefined;
    const wanted = { name: undefined, username: undefined, locale: undefined, changedAt: undefined };
    return { ...mappingOf(preset, overrides), ...wanted, activeWhen: {}, onReset: [] };
  } catch {
    return undefined; // the check of the users table says what is wrong with it
  }
}

/** PostgreSQL counts ids in sequences, which have rights of their own. */
const sequenceGrants = (db: Db, needed: readonly TableRights[], user: string): string[] =>
  dialectOf(db) === 'postgres'
    ? COUNTED.filter((counted) => needed.some(({ table }) => table === counted)).map(
        (table) => `grant usage on sequence ${table}_id_seq to ${user};`,
      )
    : [];
