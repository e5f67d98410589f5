import type { App } from '../../app.ts';
import { dialectOf } from '../../db/connect.ts';
import { quoteName } from '../../db/quote-name.ts';
import { findRowSecurity } from '../../db/row-security.ts';
import { describeUntransacted } from '../../db/untransacted-tables.ts';
import { detailsOf, isResetError } from '../../errors.ts';
import { readEmailUniqueness } from '../../users/mapping/email-uniqueness.ts';
import { describeUnused, findUnusedState, remedyFor } from '../../users/mapping/unused-state.ts';
import { plural } from '../../values/plural.ts';
import { findUnwritable } from '../../users/reading/unwritable-addresses.ts';
import { countUsers } from '../../users/reading/list-users.ts';
import type { UsersMapping } from '../../users/mapping/index.ts';
import { sourceOf, tableOf } from '../../users/mapping/users-mapping.ts';
import type { Finding } from './finding.ts';
import { failure, failureOf, ok, warning } from './finding.ts';
import { programName } from '../../values/program-name.ts';

export interface UsersCheck {
  readonly findings: readonly Finding[];
  /** undefined where the table can't be used */
  readonly mapping: UsersMapping | undefined;
}

/** The mapping against the real schema: tables, columns, types, and what the addresses are like. */
export async function checkUsers(app: App): Promise<UsersCheck> {
  let mapping: UsersMapping;
  try {
    mapping = await app.mapping();
  } catch (error) {
    return { findings: mappingFailures(error), mapping: undefined };
  }
  const count = await countUsers(app.usersDb, mapping);
  const findings: Finding[] = [
    ok(
      'users_found',
      `${tableOf(mapping, 'user')}, ${plural(count, 'user')}, read as ${mapping.preset.name}`,
    ),
    ...checkKinds(mapping),
    ...checkTransactions(app, mapping),
    ...findUnusedState(mapping).map((each) =>
      warning('state_unused', describeUnused(each), { remedy: remedyFor(each) }),
    ),
    ...mapping.skipped.map((what) => ok('column_left_out', `left out, ${what}`)),
    ...(count === 0 ? [await describeNobody(app, mapping)] : []),
    ...(await checkEmails(app, mapping)),
    ...(await checkAddresses(app, mapping)),
  ];
  return { findings, mapping };
}

/** An empty table, or one whose rows this database user may not see. */
async function describeNobody({ usersDb: db }: App, mapping: UsersMapping): Promise<Finding> {
  const [hidden] = await findRowSecurity(db, [tableOf(mapping, 'user')]);
  return hidden === undefined
    ? warning('users_none', 'there are no users yet', {
        remedy: `${programName} user add, or check users.table`,
      })
    : failure('users_hidden', `no user is visible: row-level security is on for ${hidden}`, {
        remedy: 'let this database user see every row: see the finding about rights',
      });
}

/** One line for each problem. */
function mappingFailures(error: unknown): Finding[] {
  if (!isResetError(error)) throw error;
  const { problems } = detailsOf(error, 'config_invalid');
  const remedy = `${programName} presets --detect says what this database looks like; set users.* to the real names`;
  return (
    problems?.map(({ key, message }) => failure('mapping_invalid', `${key}: ${message}`, { remedy })) ?? [
      failureOf('mapping_invalid', error),
    ]
  );
}

/** In such tables, a reset that fails halfway leaves its first half behind. */
function checkTransactions({ usersDb: db }: App, { untransacted, schema }: UsersMapping): Finding[] {
  return untransacted.map((each) => {
    const name = quoteName(db, schema === undefined ? each.table : `${schema}.${each.table}`);
    const message = `${describeUntransacted([each])} cannot be rolled back, so a reset that fails halfway may leave changes behind; no trial write was made`;
    const remedy =
      each.engine === 'view' ? 'name the table behind the view' : `alter table ${name} engine = InnoDB;`;
    return warning('rollback_impossible', message, { remedy });
  });
}

function checkKinds(mapping: UsersMapping): Finding[] {
  const email = mapping.facts[`${sourceOf(mapping, 'email')}.${mapping.email}`];
  const passwords = Object.values(mapping.password).map((column) => ({
    column,
    facts: mapping.facts[`${sourceOf(mapping, 'password')}.${column}`],
  }));
  const wrong = passwords.find(({ facts }) => facts !== undefined && !isText(facts.kind));
  return [
    ...(email === undefined || isText(email.kind)
      ? []
      : [
          failure('column_not_text', `the column ${mapping.email} is not text (${email.kind})`, {
            remedy: 'set users.email to the column that holds the address',
          }),
        ]),
    ...(wrong === undefined
      ? []
      : [
          failure('column_not_text', `the column ${wrong.column} is not text (${wrong.facts?.kind ?? ''})`, {
            remedy: 'set users.password to the column that holds the hash',
          }),
        ]),
  ];
}

/** SQLite lets any column hold text, and some applications keep text in binary columns. */
const isText = (kind: string): boolean => ['text', 'binary', 'other'].includes(kind);

async function checkEmails(app: App, mapping: UsersMapping): Promise<Finding[]> {
  const { isUnique, isCaseInsensitive, shared } = await readEmailUniqueness(app.usersDb, mapping);
  const rule = `${mapping.email}: ${isUnique ? 'unique' : 'not unique'}, ${isCaseInsensitive ? 'upper and lower case are the same' : 'upper and lower case differ'}`;
  const found = [ok('emails_compared', rule)];
  if (shared > 0) {
    const remedy = 'identify such users with --id; by e-mail, only the one active user among them is reset';
    found.push(warning('emails_shared', `${shared} addresses belong to more than one user`, { remedy }));
  } else if (!isUnique) {
    const message = 'the database does not stop two users from having the same address';
    found.push(warning('emails_not_unique', message, { remedy: uniqueIndex(app, mapping) }));
  }
  return found;
}

/** An index that allows blank addresses and refuses two spellings of one address. MySQL has no such index. */
function uniqueIndex({ usersDb: db }: App, mapping: UsersMapping): string {
  const bare = tableOf(mapping, sourceOf(mapping, 'email'));
  const [table, column] = [quoteName(db, bare), quoteName(db, mapping.email)];
  const name = quoteName(db, `${bare}_${mapping.email}`.replace(/[^\p{L}\p{N}_]/gu, '_'));
  return dialectOf(db) === 'mysql'
    ? `let the application refuse an address that is taken; if no address is blank: create unique index ${name} on ${table} (${column});`
    : `create unique index ${name} on ${table} (lower(${column})) where ${column} <> '';`;
}

/** Addresses that no mail can be sent to, mostly because a line end, a blank or an invisible character follows them. */
async function checkAddresses(app: App, mapping: UsersMapping): Promise<Finding[]> {
  const found = await findUnwritable(app.usersDb, mapping);
  if (found.length === 0) return [];
  const shown = found
    .slice(0, 3)
    .map(({ id, email }) => `user ${id} has ${JSON.stringify(email.slice(0, 80))}`);
  const what = `${plural(found.length, 'user has an address', 'users have addresses')} that no mail can be sent to: ${shown.join(', ')}`;
  const remedy = `correct ${mapping.email} in ${tableOf(mapping, sourceOf(mapping, 'email'))}; until then these users are skipped (no_address)`;
  return [warning('emails_unwritable', what, { remedy })];
}
