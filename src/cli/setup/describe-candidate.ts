import type { Candidate } from '../../flows/setup/detect-application.ts';

/** A preset that may fit the database, and the reasons for it. */
export function describeCandidate({ preset, title, reasons, isOwn }: Candidate): string[] {
  return [isOwn ? title : `${preset}: ${title}`, ...reasons.map((reason) => `    ${reason}`)];
}
