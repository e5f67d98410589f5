import { detailsOf, isResetError, ResetError, type DatabaseReason, type ErrorCode } from '../errors.ts';
import { programName } from '../values/program-name.ts';

interface Explanation {
  readonly code: Extract<ErrorCode, 'database_unavailable' | 'config_invalid'>;
  readonly reason: DatabaseReason;
  readonly message: string;
  /** the database is up, and will give the same answer again */
  readonly isFinal?: true;
}

type Explain = (reason: DatabaseReason, message: string) => Explanation;

const unavailable: Explain = (reason, message) => ({ code: 'database_unavailable', reason, message });
const invalid: Explain = (reason, message) => ({ code: 'config_invalid', reason, message });

const EXPLAINED = {
  ...every(unavailable, {
    unreachable:
      'The database cannot be reached. Check that it runs, and the host and port in the database URL.',
    lost: 'The connection to the database was lost. Try again.',
    exhausted: 'The database has no free connection. Try again, or run fewer workers at a time.',
    locked: 'The database is locked by another program. Try again.',
    read_only:
      'The database is read-only. Use the primary server, or make the file and its folder writable for this user.',
    broken: 'The database file is damaged or not an SQLite database. Check the file and the disk.',
    full: 'The disk of the database is full, or its size limit is reached. Free some space there, then try again.',
    timed_out: `The database stopped a statement that took longer than it allows (statement_timeout or the like). Raise the limit for this database user, or add the index that ${programName} doctor names, then try again.`,
    file: 'The database file cannot be opened. Check its path and its permissions.',
  }),
  ...every(invalid, {
    login: 'The database refuses this user or password. Check both in the database URL.',
    no_database: 'The server has no such database. Check the name in the database URL.',
    rights: `The database user lacks a right for this. See what to grant: ${programName} help database`,
    certificate:
      'The certificate of the database server cannot be trusted. Name its authority with ?sslrootcert=FILE; only on a network you trust, use ?sslmode=disable.',
    no_tls:
      'The database server offers no TLS. Switch it on there; only on a network you trust, use ?sslmode=disable.',
    constraint:
      'A rule of the database (a key, a constraint or a trigger) does not allow this change. Check users.onReset.',
    too_long: `A value does not fit into its column. Check the columns with: ${programName} doctor`,
  }),
};
const UNCERTAIN = `The connection to the database was lost while a change was being confirmed, so it is unknown whether the change took effect. See: ${programName} status`;

const BY_CODE: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  // the network, as Node reports it
  ...each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'], 'unreachable'),
  ...each(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'PROTOCOL_CONNECTION_LOST'], 'lost'),
  ...each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'], 'certificate'),
  ...each(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'], 'certificate'),
  ...each(['ERR_TLS_CERT_ALTNAME_INVALID', 'HANDSHAKE_SSL_ERROR'], 'certificate'),
  ...each(['HANDSHAKE_NO_SSL_SUPPORT'], 'no_tls'),
  // SQLite result codes
  ...each(['SQLITE_BUSY', 'SQLITE_LOCKED'], 'locked'),
  ...each(['SQLITE_READONLY', 'SQLITE_PERM'], 'read_only'),
  ...each(['SQLITE_CANTOPEN'], 'file'),
  ...each(['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_IOERR'], 'broken'),
  ...each(['SQLITE_FULL'], 'full'),
  ...each(['SQLITE_TOOBIG'], 'too_long'),
  ...each(['SQLITE_CONSTRAINT'], 'constraint'),
  // PostgreSQL, appendix A of its manual
  ...each(['08000', '08001', '08003', '08004', '08006', '08P01', '57P01', '57P02'], 'lost'),
  ...each(['57014'], 'timed_out'),
  ...each(['57P03'], 'unreachable'),
  ...each(['53300', '53000', '53200'], 'exhausted'),
  ...each(['53100'], 'full'),
  ...each(['55P03', '40001', '40P01'], 'locked'),
  ...each(['25006'], 'read_only'),
  ...each(['28000', '28P01'], 'login'),
  ...each(['3D000'], 'no_database'),
  ...each(['42501'], 'rights'),
  ...each(['22001'], 'too_long'),
  ...each(['23502', '23503', '23505', '23514', 'P0001'], 'constraint'),
  // MySQL and MariaDB, error numbers of their manuals
  ...each([1040, 1203, 1226], 'exhausted'),
  ...each([1053, 1077, 1927, 1317], 'lost'),
  ...each([1969, 3024], 'timed_out'),
  ...each([1021, 1114, 3], 'full'),
  ...each([1205, 1213, 1020], 'locked'),
  ...each([1290, 1792, 1836], 'read_only'),
  ...each([1045, 1130, 1698], 'login'),
  ...each([1049], 'no_database'),
  ...each([1044, 1142, 1143, 1370, 1227], 'rights'),
  ...each([1406, 1265], 'too_long'),
  ...each([1048, 1062, 1364, 1451, 1452, 1644, 4025], 'constraint'),
]);

/** Errors without a code, from Knex's pool and the PostgreSQL driver. */
const BY_WORDS: readonly (readonly [RegExp, Explanation])[] = [
  [/^Knex: Timeout acquiring a connection/, EXPLAINED.exhausted],
  [/timeout expired$|due to connection timeout$/, EXPLAINED.unreachable],
  // Knex puts the statement in front; only the end comes from the driver.
  [/(?:^| - )Connection terminated(?: unexpectedly)?$|Connection ended unexpectedly$/, EXPLAINED.lost],
  [/(?:^| - )Client (?:has encountered a connection error|was closed) and is not queryable$/, EXPLAINED.lost],
  [/does not support SSL connections$/, EXPLAINED.no_tls],
  [/closed state$/, EXPLAINED.lost],
];

/** Only ever the name of a table or column, and only from the end, where the driver's own words are. */
const MISSING =
  /no such (?<a>table|column): (?<b>[\w.$]+)$|(?<c>relation|column) "?(?<d>[\w.$]+)"? (?:of relation "[\w.$]+" )?does not exist$/;

/**
 * What a driver's error means for the operator, or undefined for a bug in reset. The sentence never holds SQL,
 * values, or the password of the database URL (R76); the original is the `cause`.
 */
export function explainDatabaseError(error: unknown): ResetError | undefined {
  if (typeof error !== 'object' || error === null || isResetError(error)) return undefined;
  const explanation = find(error);
  if (!explanation) return undefined;
  const { code, reason, message, isFinal } = explanation;
  return new ResetError(code, message, { cause: error, details: { reason, ...(isFinal && { isFinal }) } });
}

/** A transaction whose COMMIT was sent and never answered. With any other answer to a COMMIT, nothing was done. */
export function explainCommitError(error: unknown): ResetError | undefined {
  const explained = explainDatabaseError(error);
  return reasonOf(explained) === EXPLAINED.lost.reason
    ? new ResetError(EXPLAINED.lost.code, UNCERTAIN, {
        cause: error,
        details: { reason: EXPLAINED.lost.reason, isUncertain: true },
      })
    : explained;
}

/**
 * The same error with the promise that nothing was changed: only for a transaction that was rolled back, on tables
 * that can be. Errors that come before any statement stay as they are, and so does the doubt about a COMMIT.
 */
export const promiseNothingChanged = (error: ResetError): ResetError =>
  UNDERWAY.has(reasonOf(error)) && error.details['isUncertain'] !== true
    ? withOutcome(error, 'Nothing was changed.')
    : error;

/** What a database answers to a statement, rather than before one. */
const UNDERWAY: ReadonlySet<unknown> = new Set<DatabaseReason>([
  'lost',
  'locked',
  'constraint',
  'too_long',
  'full',
  'timed_out',
  'refused',
]);

const reasonOf = (error: unknown): unknown =>
  detailsOf(error, 'database_unavailable').reason ?? detailsOf(error, 'config_invalid').reason;

/** The same error, followed by a sentence about what was left behind. */
export const withOutcome = (error: ResetError, outcome: string): ResetError =>
  new ResetError(error.code, `${error.message} ${outcome}`, {
    cause: error.cause ?? error,
    details: error.details,
  });

function find(error: object): Explanation | undefined {
  const { code, errno, errors } = error as DriverError;
  const known = findKnown(error);
  if (known) return known;
  if (isMissing(error)) return missing(error);
  if (isDriverError(error)) return refused(code ?? errno);
  // Happy Eyeballs: one error for each address that was tried
  const first = errors?.[0];
  return typeof first === 'object' && first !== null ? find(first) : undefined;
}

type DriverError = Partial<NodeJS.ErrnoException> & { readonly errors?: readonly unknown[] };

function findKnown({ code, errno, syscall, message = '' }: DriverError): Explanation | undefined {
  // a unix socket that is not there; anywhere else these are about files
  if (syscall === 'connect' && (code === 'ENOENT' || code === 'EACCES')) return EXPLAINED.unreachable;
  return BY_CODE.get(errno) ?? BY_CODE.get(code) ?? BY_WORDS.find(([words]) => words.test(message))?.[1];
}

/** A table, column or schema that is not there. */
const MISSING_CODES: readonly unknown[] = ['42P01', '42703', '3F000', 1146, 1054];
const isMissing = ({ code, errno, message = '' }: DriverError): boolean =>
  MISSING_CODES.includes(code) ||
  MISSING_CODES.includes(errno) ||
  (code === 'SQLITE_ERROR' && MISSING.test(message));

/** The database's answer to a statement. Its own words may hold values of the row, so only the code is shown. */
function isDriverError(error: object): boolean {
  const { code, sqlMessage, severity } = error as {
    code?: unknown;
    sqlMessage?: unknown;
    severity?: unknown;
  };
  return sqlMessage !== undefined || severity !== undefined || String(code).startsWith('SQLITE_');
}

const refused = (code: unknown): Explanation => ({
  ...unavailable('refused', `The database refused a statement (${String(code)}). Add --verbose for details.`),
  isFinal: true,
});

function missing(error: object): Explanation {
  const { message = '', sqlMessage } = error as { message?: string; sqlMessage?: string };
  const found = MISSING.exec(message)?.groups;
  const name = found?.['b'] ?? found?.['d'] ?? /'([\w.$]+)'/.exec(sqlMessage ?? '')?.[1];
  const what = name === undefined ? 'a table or column that is needed' : `the table or column ${name}`;
  return invalid(
    'missing',
    `The database does not have ${what}. Check with: ${programName} doctor. Reset's own tables are created by: ${programName} migrate`,
  );
}

function every<R extends DatabaseReason>(explain: Explain, sentences: Readonly<Record<R, string>>) {
  const explained = (Object.entries(sentences) as [R, string][]).map(([reason, message]) => [
    reason,
    explain(reason, message),
  ]);
  return Object.fromEntries(explained) as Readonly<Record<R, Explanation>>;
}

function each(codes: readonly (string | number)[], reason: keyof typeof EXPLAINED): [unknown, Explanation][] {
  return codes.map((code) => [code, EXPLAINED[reason]]);
}
