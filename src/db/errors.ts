import { detailsOf, isResetError, ResetError, type DatabaseReason, type ErrorCode } from '../errors.ts';
import { programName } from '../values/program-name.ts';

interface Explanation {
  readonly code: Extract<ErrorCode, 'database_unavailable' | 'config_invalid'>;
  readonly reason: DatabaseReason;
  readonly message: string;
  /** the database is up, and will give the same answer again */
  readonly isFinal?: true;
}

const unavailable = (reason: DatabaseReason, message: string): Explanation => ({
  code: 'database_unavailable',
  reason,
  message,
});
const invalid = (reason: DatabaseReason, message: string): Explanation => ({
  code: 'config_invalid',
  reason,
  message,
});

const UNREACHABLE = unavailable(
  'unreachable',
  'The database cannot be reached. Check that it runs, and the host and port in the database URL.',
);
const LOST = unavailable('lost', 'The connection to the database was lost. Try again.');
const UNCERTAIN = `The connection to the database was lost while a change was being confirmed, so it is unknown whether the change took effect. See: ${programName} status`;
const EXHAUSTED = unavailable(
  'exhausted',
  'The database has no free connection. Try again, or run fewer workers at a time.',
);
const LOCKED = unavailable('locked', 'The database is locked by another program. Try again.');
const READ_ONLY = unavailable(
  'read_only',
  'The database is read-only. Use the primary server, or make the file and its folder writable for this user.',
);
const BROKEN = unavailable(
  'broken',
  'The database file is damaged or not an SQLite database. Check the file and the disk.',
);
const FULL = unavailable(
  'full',
  'The disk of the database is full, or its size limit is reached. Free some space there, then try again.',
);
const TIMED_OUT = unavailable(
  'timed_out',
  `The database stopped a statement that took longer than it allows (statement_timeout or the like). Raise the limit for this database user, or add the index that ${programName} doctor names, then try again.`,
);
const FILE = unavailable('file', 'The database file cannot be opened. Check its path and its permissions.');
const LOGIN = invalid('login', 'The database refuses this user or password. Check both in the database URL.');
const DATABASE = invalid(
  'no_database',
  'The server has no such database. Check the name in the database URL.',
);
const RIGHTS = invalid(
  'rights',
  `The database user lacks a right for this. See what to grant: ${programName} help database`,
);
const CERTIFICATE = invalid(
  'certificate',
  'The certificate of the database server cannot be trusted. Name its authority with ?sslrootcert=FILE; only on a network you trust, use ?sslmode=disable.',
);
const NO_TLS = invalid(
  'no_tls',
  'The database server offers no TLS. Switch it on there; only on a network you trust, use ?sslmode=disable.',
);
const CONSTRAINT = invalid(
  'constraint',
  'A rule of the database (a key, a constraint or a trigger) does not allow this change. Check users.onReset.',
);
const TOO_LONG = invalid(
  'too_long',
  `A value does not fit into its column. Check the columns with: ${programName} doctor`,
);

const BY_CODE: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  // the network, as Node reports it
  ...each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'], UNREACHABLE),
  ...each(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'PROTOCOL_CONNECTION_LOST'], LOST),
  ...each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_HAS_EXPIRED'], CERTIFICATE),
  ...each(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'], CERTIFICATE),
  ...each(['ERR_TLS_CERT_ALTNAME_INVALID', 'HANDSHAKE_SSL_ERROR'], CERTIFICATE),
  ...each(['HANDSHAKE_NO_SSL_SUPPORT'], NO_TLS),
  // SQLite result codes
  ...each(['SQLITE_BUSY', 'SQLITE_LOCKED'], LOCKED),
  ...each(['SQLITE_READONLY', 'SQLITE_PERM'], READ_ONLY),
  ...each(['SQLITE_CANTOPEN'], FILE),
  ...each(['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_IOERR'], BROKEN),
  ...each(['SQLITE_FULL'], FULL),
  ...each(['SQLITE_TOOBIG'], TOO_LONG),
  ...each(['SQLITE_CONSTRAINT'], CONSTRAINT),
  // PostgreSQL, appendix A of its manual
  ...each(['08000', '08001', '08003', '08004', '08006', '08P01', '57P01', '57P02'], LOST),
  ...each(['57014'], TIMED_OUT),
  ...each(['57P03'], UNREACHABLE),
  ...each(['53300', '53000', '53200'], EXHAUSTED),
  ...each(['53100'], FULL),
  ...each(['55P03', '40001', '40P01'], LOCKED),
  ...each(['25006'], READ_ONLY),
  ...each(['28000', '28P01'], LOGIN),
  ...each(['3D000'], DATABASE),
  ...each(['42501'], RIGHTS),
  ...each(['22001'], TOO_LONG),
  ...each(['23502', '23503', '23505', '23514', 'P0001'], CONSTRAINT),
  // MySQL and MariaDB, error numbers of their manuals
  ...each([1040, 1203, 1226], EXHAUSTED),
  ...each([1053, 1077, 1927, 1317], LOST),
  ...each([1969, 3024], TIMED_OUT),
  ...each([1021, 1114, 3], FULL),
  ...each([1205, 1213, 1020], LOCKED),
  ...each([1290, 1792, 1836], READ_ONLY),
  ...each([1045, 1130, 1698], LOGIN),
  ...each([1049], DATABASE),
  ...each([1044, 1142, 1143, 1370, 1227], RIGHTS),
  ...each([1406, 1265], TOO_LONG),
  ...each([1048, 1062, 1364, 1451, 1452, 1644, 4025], CONSTRAINT),
]);

/** Errors without a code, from Knex's pool and the PostgreSQL driver. */
const BY_WORDS: readonly (readonly [RegExp, Explanation])[] = [
  [/^Knex: Timeout acquiring a connection/, EXHAUSTED],
  [/timeout expired$|due to connection timeout$/, UNREACHABLE],
  // Knex puts the statement in front; only the end comes from the driver.
  [/(?:^| - )Connection terminated(?: unexpectedly)?$|Connection ended unexpectedly$/, LOST],
  [/(?:^| - )Client (?:has encountered a connection error|was closed) and is not queryable$/, LOST],
  [/does not support SSL connections$/, NO_TLS],
  [/closed state$/, LOST],
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
  return reasonOf(explained) === LOST.reason
    ? new ResetError(LOST.code, UNCERTAIN, {
        cause: error,
        details: { reason: LOST.reason, isUncertain: true },
      })
    : explained;
}

/**
 * The same error with the promise that nothing was changed: only for a transaction that was rolled back, on tables
 * that can be. Errors that come before any statement stay as they are.
 */
export const promiseNothingChanged = (error: ResetError): ResetError =>
  UNDERWAY.has(reasonOf(error)) ? withOutcome(error, 'Nothing was changed.') : error;

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
  if (syscall === 'connect' && (code === 'ENOENT' || code === 'EACCES')) return UNREACHABLE;
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

function each(codes: readonly (string | number)[], explanation: Explanation): [unknown, Explanation][] {
  return codes.map((code) => [code, explanation]);
}
