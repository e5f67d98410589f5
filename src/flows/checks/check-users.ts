import type { App } from '../../app.ts';
import { dialectOf } from '../../db/connect.ts';
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

const CHECK = 'users table';

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
  const count = await countUsers(app.db, mapping);
  const findings: Finding[] = [
    ok(CHECK, `${tableOf(mapping, 'user')}, ${count} user(s), read as ${mapping.preset.name}`),
    ...checkKinds(mapping),
    ...checkTransactions(mapping),
    ...findUnusedState(mapping).map((each) =>
      warning(CHECK, describeUnused(each), { mend: remedyFor(each) }),
    ),
    ...mapping.skipped.map((what) => ok(CHECK, `left out, ${what}`)),
    ...(count === 0
      ? [warning(CHECK, 'there are no users yet', { mend: `${programName} user add, or check users.table` })]
      : []),
    ...(await checkEmails(app, mapping)),
    ...(await checkAddresses(app, mapping)),
  ];
  return { findings, mapping };
}

/** One line for each thing that is wrong, not one for all. */
function mappingFailures(error: unknown): Finding[] {
  if (!isResetError(error)) throw error;
  const { problems } = detailsOf(error, 'config_invalid');
  const mend = `${programName} presets --detect says what this database looks like; set users.* to the real names`;
  return (
    problems?.map(({ key, message }) => failure(CHECK, `${key}: ${message}`, { mend })) ?? [
      failureOf(CHECK, error),
    ]
  );
}

/** A reset that fails halfway leaves half of it behind in such tables. */
function checkTransactions({ untransacted, schema }: UsersMapping): Finding[] {
  return untransacted.map((each) => {
    const name = schema === undefined ? each.table : `${schema}.${each.table}`;
    const message = `${describeUntransacted([each])} cannot be rolled back, so a reset that fails halfway may leave changes behind; no trial write was made`;
    const mend =
      each.engine === 'view' ? 'name the table behind the view' : `alter table ${name} engine = InnoDB;`;
    return warning(CHECK, message, { mend });
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
          failure(CHECK, `the column ${mapping.email} holds no text (${email.kind})`, {
            mend: 'set users.email to the column of the address',
          }),
        ]),
    ...(wrong === undefined
      ? []
      : [
          failure(CHECK, `the column ${wrong.column} holds no text (${wrong.facts?.kind ?? ''})`, {
            mend: 'set users.password to the column of the hash',
          }),
        ]),
  ];
}

/** SQLite lets any column hold text, and some applications keep text in binary columns. */
const isText = (kind: string): boolean => ['text', 'binary', 'other'].includes(kind);

async function checkEmails(app: App, mapping: UsersMapping): Promise<Finding[]> {
  const { isUnique, isCaseInsensitive, shared } = await readEmailUniqueness(app.db, mapping);
  const rule = `${mapping.email}: ${isUnique ? 'unique' : 'not unique'}, ${isCaseInsensitive ? 'upper and lower case are the same' : 'upper and lower case differ'}`;
  const found = [ok(CHECK, rule)];
  if (shared > 0) {
    const mend = 'name such users by --id; a reset by e-mail is for the only active one of them';
    found.push(warning(CHECK, `${shared} addresses belong to more than one user`, { mend }));
  } else if (!isUnique) {
    const message = 'nothing in the database keeps two users from having one address';
    found.push(warning(CHECK, message, { mend: uniqueIndex(app, mapping) }));
  }
  return found;
}

/** Blank addresses stay possible, and two spellings of one address do not; MySQL has neither in an index of its own. */
function uniqueIndex({ db }: App, mapping: UsersMapping): string {
  const table = tableOf(mapping, sourceOf(mapping, 'email'));
  const column = mapping.email;
  const name = `${table.replaceAll('.', '_')}_${column}`;
  return dialectOf(db) === 'mysql'
    ? `let the application refuse an address that is taken; if no address is blank: create unique index ${name} on ${table} (${column});`
    : `create unique index ${name} on ${table} (lower(${column})) where ${column} <> '';`;
}

/** Addresses to which no mail can be written: a line end, a blank or a letter that nobody sees behind them, mostly. */
async function checkAddresses(app: App, mapping: UsersMapping): Promise<Finding[]> {
  const found = await findUnwritable(app.db, mapping);
  if (found.length === 0) return [];
  const shown = found
    .slice(0, 3)
    .map(({ id, email }) => `user ${id} has ${JSON.stringify(email.slice(0, 80))}`);
  const what = `${plural(found.length, 'user has an address', 'users have addresses')} to which no mail can be written: ${shown.join(', ')}`;
  const mend = `correct ${mapping.email} in ${tableOf(mapping, sourceOf(mapping, 'email'))}; until then these users are skipped (no_address)`;
  return [warning(CHECK, what, { mend })];
}
