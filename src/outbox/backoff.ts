const FIRST_MS = 5_000;
const LONGEST_MS = 15 * 60_000;
export const MAX_ATTEMPTS = 8;

/**
 * Milliseconds to wait after attempt `attempt` (1, 2, …): about 5 s, then three times as long each time up to 15 min,
 * with jitter of ± 20 % so that a crowd does not come back at once. `random` is from 0 to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  const base = Math.min(FIRST_MS * 3 ** (attempt - 1), LONGEST_MS);
  return Math.round(base * (0.8 + 0.4 * random));
}
