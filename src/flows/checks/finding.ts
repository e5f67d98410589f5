import type { App } from '../../app.ts';
import { detailsOf, isResetError } from '../../errors.ts';

/** One thing that was looked at. */
export interface Finding {
  /** what part of the set-up it belongs to */
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly message: string;
  /** the way out: a command, SQL, or what to write where */
  readonly mend?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** mends it without harm: what `--fix` runs; may open the database */
  readonly fix?: ((open: () => Promise<App>) => Promise<void>) | undefined;
}

type More = Pick<Finding, 'mend' | 'details' | 'fix'>;

export const ok = (check: string, message: string, more: More = {}): Finding => ({
  check,
  status: 'ok',
  message,
  ...more,
});

export const warning = (check: string, message: string, more: More = {}): Finding => ({
  check,
  status: 'warning',
  message,
  ...more,
});

export const failure = (check: string, message: string, more: More = {}): Finding => ({
  check,
  status: 'failure',
  message,
  ...more,
});

/** What the program itself would say, which names the way out. Anything that is no error of ours goes on. */
export function failureOf(check: string, error: unknown, more: More = {}): Finding {
  if (!isResetError(error)) throw error;
  const { problems } = detailsOf(error, 'config_invalid');
  return failure(check, error.message, {
    ...(problems === undefined ? {} : { details: { problems } }),
    ...more,
  });
}
