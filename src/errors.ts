import { printableLines, type Text } from './values/printable.ts';

const brand = Symbol.for('reset.error');

/** What one error code means on the command line and in HTTP. */
interface ErrorSpec {
  /** exit code of the command line */
  readonly exit: number;
  /** HTTP status of the listener */
  readonly status: number;
  /** key of the sentence that a browser sees, in `templates/locales/*.json` */
  readonly publicText: string;
}

/** Every error code that scripts may rely on: never renamed, never reused. */
export const ERRORS = {
  usage_invalid: { exit: 2, status: 400, publicText: 'error_neutral' },
  config_invalid: { exit: 3, status: 500, publicText: 'error_neutral' },
  migration_needed: { exit: 3, status: 500, publicText: 'error_neutral' },
  user_not_found: { exit: 4, status: 400, publicText: 'error_token_invalid' },
  user_inactive: { exit: 4, status: 400, publicText: 'error_token_invalid' },
  user_ambiguous: { exit: 4, status: 400, publicText: 'error_token_invalid' },
  user_unreachable: { exit: 4, status: 303, publicText: 'error_neutral' },
  access_unknown: { exit: 4, status: 500, publicText: 'error_neutral' },
  token_invalid: { exit: 5, status: 400, publicText: 'error_token_invalid' },
  code_invalid: { exit: 5, status: 400, publicText: 'error_code_invalid' },
  token_expired: { exit: 6, status: 410, publicText: 'error_token_expired' },
  token_used: { exit: 7, status: 410, publicText: 'error_token_used' },
  token_revoked: { exit: 7, status: 410, publicText: 'error_token_revoked' },
  password_rejected: { exit: 8, status: 422, publicText: 'error_password_rejected' },
  throttled: { exit: 9, status: 429, publicText: 'error_throttled' },
  delivery_failed: { exit: 10, status: 303, publicText: 'error_neutral' },
  database_unavailable: { exit: 11, status: 503, publicText: 'error_unavailable' },
  batch_incomplete: { exit: 12, status: 500, publicText: 'error_neutral' },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** What kind of thing is wrong with a configuration key; the advice depends on it. */
export type ProblemCode = 'missing' | 'unknown_key' | 'invalid' | 'readable_by_others';

/** One thing that is wrong with the configuration: key, where its value came from, what to do. */
export interface Problem {
  readonly code: ProblemCode;
  readonly key: string;
  readonly source: string;
  readonly message: string;
  /** of a file that others can read */
  readonly path?: string;
}

/** What kind of thing a database refused, beside the error's own code. */
export type DatabaseReason =
  | 'unreachable'
  | 'lost'
  | 'exhausted'
  | 'locked'
  | 'read_only'
  | 'broken'
  | 'file'
  | 'full'
  | 'timed_out'
  | 'refused'
  | 'login'
  | 'no_database'
  | 'rights'
  | 'certificate'
  | 'no_tls'
  | 'constraint'
  | 'too_long'
  | 'missing';

/** What code reads from the details of each error. More may be there, for `--json` and logs. */
interface Details {
  readonly usage_invalid: {
    /** name of the file that `lines` are in */
    readonly file?: string | null;
    readonly lines?: readonly WrongLine[];
  };
  readonly config_invalid: {
    /** without a code and a source: of a mapping, which does not know where its values came from */
    readonly problems?: readonly (Pick<Problem, 'key' | 'message'> & Partial<Problem>)[];
    /** nothing is configured anywhere */
    readonly isUnconfigured?: boolean;
    /** of a file, and what is wrong with it */
    readonly path?: string;
    readonly reason?:
      'readable_by_others' | 'not_trusted' | 'unknown_hash' | 'cost_too_high' | DatabaseReason;
  };
  readonly user_not_found: { readonly file?: string | null; readonly lines?: readonly WrongLine[] };
  readonly user_inactive: { readonly userId?: string; readonly reason?: 'inactive' | 'refused' };
  readonly user_ambiguous: { readonly ids?: readonly string[] };
  readonly user_unreachable: { readonly userId?: string };
  readonly access_unknown: { readonly kinds?: readonly string[] };
  readonly token_invalid: { readonly reason?: string };
  readonly code_invalid: { readonly reason?: string };
  readonly token_expired: { readonly expiredAt?: string };
  readonly token_revoked: { readonly reason?: string };
  readonly password_rejected: {
    readonly violations?: readonly { readonly code: string; readonly message: string }[];
  };
  readonly throttled: { readonly retryAfterSeconds?: number; readonly busy?: boolean };
  readonly delivery_failed: {
    readonly kind?: string;
    readonly retryable?: boolean;
    /** the server's words, or the network's */
    readonly reply?: string | undefined;
    /** what to do about it, as the end of the message says it */
    readonly advice?: string;
  };
  readonly database_unavailable: {
    readonly reason?: DatabaseReason;
    readonly isFinal?: boolean;
    readonly isUncertain?: boolean;
  };
}

/** A line of a file that names nobody, or two people. */
export interface WrongLine {
  readonly line: number | null;
  readonly text: string;
  readonly reason: 'line_mismatch' | 'user_not_found';
}

type More = Readonly<Record<string, unknown>>;
export type DetailsOf<C extends ErrorCode> = C extends keyof Details ? Details[C] : object;

export interface ResetErrorOptions<C extends ErrorCode = ErrorCode> extends ErrorOptions {
  /** for `--json` and logs; never a secret */
  readonly details?: DetailsOf<C> & More;
}

/**
 * The one error class. `message` speaks to the operator and names the way out; what a browser sees comes from
 * `ERRORS` alone; the original error goes in `cause`.
 */
export class ResetError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'ResetError';
  readonly [brand] = true;
  readonly code: C;
  readonly details: More;

  /** `message`: one line, or several; whatever others wrote in it begins none of its own (R82) */
  constructor(code: C, message: Text, options: ResetErrorOptions<NoInfer<C>> = {}) {
    super(printableLines(message), options);
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The details of an error of this code; empty for every other. */
export const detailsOf = <C extends ErrorCode>(error: unknown, code: C): Partial<DetailsOf<C>> =>
  isResetError(error) && error.code === code ? (error.details as Partial<DetailsOf<C>>) : {};

/** Unwinds a transaction or a prompt and is always caught. It is not an error, so it has no code and no advice. */
export abstract class Signal extends Error {
  override readonly name = 'Signal';
}

/** By brand, because `instanceof` fails when a loader has loaded this file twice. */
export const isResetError = (value: unknown): value is ResetError =>
  typeof value === 'object' && value !== null && brand in value;
