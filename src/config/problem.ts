import { ResetError, type Problem } from '../errors.ts';
import { programName } from '../values/program-name.ts';

export type { Problem } from '../errors.ts';

/** One config_invalid that lists every problem, in words and in `details.problems`. */
export function refuseConfig(problems: readonly Problem[]): ResetError {
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  return new ResetError('config_invalid', [`${count} wrong with the configuration:`, ...lines], {
    details: { problems },
  });
}

/** What everybody reads who has not begun. */
export const UNCONFIGURED = `There is no reset.config.json here or above. Make one: ${programName} init`;

/** For whoever has not begun: nothing is configured anywhere. What is missing stands in `details.problems`. */
export const refuseUnconfigured = (problems: readonly Problem[]): ResetError =>
  new ResetError('config_invalid', UNCONFIGURED, { details: { problems, isUnconfigured: true } });

export const describeProblem = ({ code, key, source, message }: Problem): string =>
  code === 'missing' ? `${key} ${message}` : `${key} (${source}): ${message}`;
