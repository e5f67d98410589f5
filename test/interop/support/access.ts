import { succeed } from '../../helpers/run-reset.ts';
import { susan } from './peer.ts';
import type { Reset } from './reset.ts';

/** What opens Susan's account, by `access show`: kind → how many. */
export async function countAccess(reset: Reset): Promise<Record<string, number>> {
  const [row] = (await succeed(reset.run(['access', 'show', susan.email, '--json']))).rows();
  const counts: Record<string, number> = {};
  for (const { kind, count } of (row as { access: { kind: string; count: number }[] }).access)
    counts[kind] = (counts[kind] ?? 0) + count;
  return counts;
}

/** `access end` for Susan: kinds, or all. */
export const endAccess = (reset: Reset, what: string) =>
  succeed(reset.run(['access', 'end', susan.email, '--what', what, '--yes']));
