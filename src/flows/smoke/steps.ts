import { ERRORS, Signal, type ErrorCode } from '../../errors.ts';

/** What kind of thing a step proves; the exit code depends on the kind that failed. */
export type StepClass =
  'setup' | 'user' | 'template' | 'mail' | 'link' | 'password' | 'single-use' | 'notice' | 'restore';

const CODES = {
  setup: 'config_invalid',
  user: 'user_not_found',
  template: 'config_invalid',
  mail: 'delivery_failed',
  link: 'token_invalid',
  password: 'password_rejected',
  'single-use': 'token_used',
  notice: 'delivery_failed',
  restore: 'database_unavailable',
} as const satisfies Record<StepClass, ErrorCode>;

/** The exit code of a run in which a step of this class failed. */
export const exitOf = (kind: StepClass): number => ERRORS[CODES[kind]].exit;

/** One thing that a run proves. `run` returns what was seen, and throws if the proof fails. */
export interface Step {
  readonly name: string;
  readonly class: StepClass;
  readonly run: () => Promise<string>;
}

/** One line of a run. */
export interface StepResult {
  readonly step: string;
  readonly class: StepClass;
  readonly status: 'ok' | 'failed' | 'skipped';
  /** milliseconds */
  readonly ms: number;
  /** what was seen, or what went wrong */
  readonly message: string;
}

/** A step that failed: the message says what was seen instead. */
class StepFailed extends Signal {}

export function expectStep(isSo: boolean, message: string): asserts isSo {
  if (!isSo) throw new StepFailed(message);
}
