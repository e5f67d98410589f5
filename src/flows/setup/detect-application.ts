import type { App } from '../../app.ts';
import { findFormat } from '../../passwords/find-format.ts';
import { identifyFormat } from '../../passwords/hash.ts';
import { chooseCandidate, detectPresets, type Candidate } from '../../users/recognition/detect.ts';
import { getPreset } from '../../users/preset/get-preset.ts';
import { proposeTables } from './propose-tables.ts';

export type { Candidate } from '../../users/recognition/detect.ts';

export interface Detected {
  /** likeliest first */
  readonly candidates: readonly Candidate[];
  /** the only one that has what its application alone has; undefined: the operator chooses */
  readonly best: Candidate | undefined;
}

/** Which application's database is this? A table that is nobody's is proposed by what its rows hold. */
export async function detectApplication(app: Pick<App, 'usersDb'>): Promise<Detected> {
  const known = await detectPresets(app.usersDb, optionsFor());
  const best = chooseCandidate(known);
  const isKnown = ({ table }: Candidate): boolean =>
    known.some((each) => each.isMarked && each.table === table);
  const own = best ? [] : (await proposeTables(app)).filter((each) => !isKnown(each));
  const isGeneric = (each: Candidate): boolean => getPreset(each.preset).marks === undefined;
  const specific = known.filter((each) => !isGeneric(each) || own.every(({ table }) => table !== each.table));
  return { candidates: [...specific, ...own], best };
}

/** Where the tables of an application that the operator has named are, and what is called otherwise in them. */
export const locatePreset = (app: Pick<App, 'usersDb'>, preset: string): Promise<Candidate[]> =>
  detectPresets(app.usersDb, { ...optionsFor(), only: preset });

const optionsFor = () => ({
  identify: (encoded: string) => identifyFormat(encoded)?.name,
  codecOf: (format: string) => findFormat(format).columns,
});
