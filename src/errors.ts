const brand = Symbol.for('reset.error');

/** What one error code means at each door. */
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
  token_invalid: { exit: 5, status: 400, publicText: 'error_token_invalid' },
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

/** Exit codes beside those of the errors. */
export const EXIT = { done: 0, fault: 1, interrupted: 130 } as const;

export interface ResetErrorOptions extends ErrorOptions {
  /** for `--json` and logs; never a secret */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one error class. `message` speaks to the operator and names the way out; what a browser sees comes from
 * `ERRORS` alone; the original error goes in `cause`.
 */
export class ResetError extends Error {
  override readonly name = 'ResetError';
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: ResetErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** By brand, because `instanceof` fails when a loader has loaded this file twice. */
export const isResetError = (value: unknown): value is ResetError =>
  typeof value === 'object' && value !== null && brand in value;
