import { ResetError } from '../errors.ts';

/** One thing that is wrong: key, where its value came from, what to do. */
export interface Problem {
  readonly key: string;
  readonly source: string;
  readonly message: string;
  /** what the parser knows besides, such as the path of a file that others can read */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One config_invalid that tells them all, and lists them in `details.problems`. */
export function refuseConfig(problems: readonly Problem[]): ResetError {
  const lines = problems.map(({ key, source, message }) => `  ${key} (${source}): ${message}`);
  const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`;
  return new ResetError('config_invalid', `${count} wrong with the configuration:\n${lines.join('\n')}`, {
    details: { problems },
  });
}
