import type { App } from '../../app.ts';
import { detailsOf, isResetError } from '../../errors.ts';

/** The result of one check. */
export interface Finding {
  /** the part of the set-up that was checked */
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly message: string;
  /** how to fix it: a command, SQL, or what to set where */
  readonly remedy?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** fixes it without risk: what `--fix` runs; may open the database */
  readonly fix?: ((open: () => Promise<App>) => Promise<void>) | undefined;
}

type More = Pick<Finding, 'remedy' | 'details' | 'fix'>;

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

/** What the program itself would say, which already names the remedy. Errors that are not ours are thrown on. */
export function failureOf(check: string, error: unknown, more: More = {}): Finding {
  if (!isResetError(error)) throw error;
  const { problems } = detailsOf(error, 'config_invalid');
  return failure(check, error.message, {
    ...(problems === undefined ? {} : { details: { problems } }),
    ...more,
  });
}
