import { ResetError, type Problem } from '../errors.ts';
import { programName } from '../values/program-name.ts';

export type { Problem } from '../errors.ts';

/** One config_invalid that lists every problem, in words and in `details.problems`. */
export function refuseConfig(problems: readonly Problem[]): ResetError {
  const [{ source, message } = { source: '', message: '' }] = problems;
  if (problems.length === 1 && source.startsWith(FLAG)) {
    const text = /^[A-Z]/.test(message) ? message : `${source.slice(FLAG.length)} ${message}`;
    return new ResetError('config_invalid', text, { details: { problems } });
  }
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  const lines = problems.map((problem) => `  ${describeProblem(problem)}`);
  return new ResetError('config_invalid', [`${count} wrong with the configuration:`, ...lines], {
    details: { problems },
  });
}

/** A wrong flag is named as it was typed, not by the key it sets. */
const FLAG = 'flag ';

/** What people read who have not set anything up yet. */
export const UNCONFIGURED = `There is no reset.config.json here or above. Make one: ${programName} init`;

/** Nothing is configured anywhere. `details.problems` has what is missing. */
export const refuseUnconfigured = (problems: readonly Problem[]): ResetError =>
  new ResetError('config_invalid', UNCONFIGURED, { details: { problems, isUnconfigured: true } });

export const describeProblem = ({ code, key, source, message }: Problem): string =>
  code === 'missing' ? `${key} ${message}` : `${key} (${source}): ${message}`;
