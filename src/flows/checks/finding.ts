import type { App } from '../../app.ts';
import { detailsOf, isResetError } from '../../errors.ts';
import { printableLines, type Text } from '../../values/printable.ts';
import { FINDINGS, type FindingCode } from './finding-codes.ts';

/** The result of one check. */
export interface Finding {
  /** the part of the set-up that was checked */
  readonly check: string;
  /** what was found, for scripts: see FINDINGS */
  readonly code: FindingCode;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly message: string;
  /** how to fix it: a command, SQL, or what to set where */
  readonly remedy?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** what `--fix` runs, because it is without risk */
  readonly fix?: Fix | undefined;
}

export interface Fix {
  /** may open the database */
  readonly run: (open: () => Promise<App>) => Promise<void>;
  /** what has changed then, such as `only its owner can read reset.key now (chmod 600)` */
  readonly done: string;
}

type More = Pick<Finding, 'remedy' | 'details' | 'fix'>;

const findingOf =
  (status: Finding['status']) =>
  (code: FindingCode, message: Text, more: More = {}): Finding => ({
    check: FINDINGS[code][0],
    code,
    status,
    message: printableLines(message),
    ...more,
  });

export const ok = findingOf('ok');
export const warning = findingOf('warning');
export const failure = findingOf('failure');

/** What the program itself would say, which already names the remedy. Errors that are not ours are thrown on. */
export function failureOf(code: FindingCode, error: unknown): Finding {
  if (!isResetError(error)) throw error;
  const { problems } = detailsOf(error, 'config_invalid');
  return failure(code, error.message.split('\n'), problems === undefined ? {} : { details: { problems } });
}

/** The same findings about the database of reset's own tables, where that is another one than the application's. */
export const ofLedger = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => ({ ...finding, check: 'ledger' }));
