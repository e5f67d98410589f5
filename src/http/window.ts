/** Counts in this process alone, by key, in windows that begin with their first count. */
export interface Window {
  /** Count one. Gives the milliseconds until the window ends when that was one too many. */
  count(key: string): number | undefined;
  /** The same for the next one, which is not counted. */
  ask(key: string): number | undefined;
}

/** Keys that are remembered at a time: a flood of them must not fill the memory. */
const MAX_KEYS = 5000;

/** At most `max` of a key in `ms` milliseconds. */
export function createWindow(max: number, ms: number, now: () => number = () => performance.now()): Window {
  const counts = new Map<string, { since: number; count: number }>();
  return {
    count(key) {
      const at = now();
      const known = counts.get(key);
      if (known === undefined || at - known.since >= ms) {
        counts.delete(key);
        if (counts.size >= MAX_KEYS) counts.delete(counts.keys().next().value ?? '');
        counts.set(key, { since: at, count: 1 });
        return max < 1 ? ms : undefined;
      }
      known.count += 1;
      return known.count > max ? known.since + ms - at : undefined;
    },
    ask(key) {
      const known = counts.get(key);
      if (known === undefined || known.count < max) return undefined;
      const left = known.since + ms - now();
      return left > 0 ? left : undefined;
    },
  };
}
