import type { Candidate } from '../../flows/setup/detect-application.ts';

/** A preset that a database may be of, and what speaks for it. */
export function describeCandidate({ preset, title, reasons }: Candidate): string[] {
  return [`${preset}: ${title}`, ...reasons.map((reason) => `    ${reason}`)];
}
