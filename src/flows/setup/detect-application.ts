import type { App } from '../../app.ts';
import { findFormat } from '../../passwords/find-format.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import type { Candidate } from '../../users/detect.ts';
import { detectPresets } from '../../users/detect.ts';

export type { Candidate } from '../../users/detect.ts';

export interface Detected {
  /** likeliest first */
  readonly candidates: readonly Candidate[];
  /** the one clear match that has what only this application has; undefined if there is none: the operator chooses */
  readonly best: Candidate | undefined;
}

/** Which application's database is this? */
export async function detectApplication(app: App): Promise<Detected> {
  const candidates = await detectPresets(app.usersDb, {
    identify: (encoded) => identifyFormat(encoded)?.name,
    codecOf: (format) => findFormat(format).columns,
  });
  const [first, second] = candidates;
  const isClear = first?.isMarked === true && first.score > (second?.score ?? 0);
  return { candidates, best: isClear ? first : undefined };
}
