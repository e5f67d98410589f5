/**
 * The results of the same work for each value, in order, with at most `width` under way. An error is thrown when its turn
 * comes; then, and when the caller stops early, the work that has begun is waited for.
 */
export async function* sideBySide<T, R>(
  source: AsyncIterable<T>,
  width: number,
  work: (value: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const begun: Promise<R>[] = [];
  try {
    for await (const value of source) {
      const result = work(value);
      result.catch(() => undefined);
      begun.push(result);
      const first = begun.length < width ? undefined : begun.shift();
      if (first) yield await first;
    }
    for (let next = begun.shift(); next; next = begun.shift()) yield await next;
  } finally {
    await Promise.allSettled(begun);
  }
}
