import { explainError } from '../../app.ts';
import type { Clock } from '../../types.ts';
import type { Step, StepResult } from './steps.ts';

/** Takes steps that depend on those before them: after the first failure the rest are skipped. */
export interface StepTaker {
  take(step: Step): Promise<StepResult>;
}

/** `signal` ends the run after the current step: the rest is skipped. */
export function createStepTaker(clock: Clock, signal: AbortSignal): StepTaker {
  let isBroken = false;
  return {
    async take(step) {
      if (isBroken || signal.aborted) return skipped(step);
      const result = await takeStep(clock, step);
      isBroken = result.status === 'failed';
      return result;
    },
  };
}

const skipped = (step: Step): StepResult => ({
  step: step.name,
  class: step.class,
  status: 'skipped',
  ms: 0,
  message: 'an earlier step failed',
});

/** Never throws: what went wrong is the message. */
export async function takeStep(clock: Clock, { name, class: kind, run }: Step): Promise<StepResult> {
  const from = clock.now();
  const ended = (status: StepResult['status'], message: string): StepResult => ({
    step: name,
    class: kind,
    status,
    ms: clock.now() - from,
    message,
  });
  try {
    return ended('ok', await run());
  } catch (error) {
    return ended('failed', messageOf(error));
  }
}

function messageOf(error: unknown): string {
  const explained = explainError(error);
  if (!(explained instanceof Error)) return String(explained);
  const { cause } = explained as { cause?: { code?: string } };
  return explained.message === 'fetch failed'
    ? `no connection (${cause?.code ?? 'unknown'})`
    : explained.message;
}
