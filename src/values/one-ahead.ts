/**
 * The same values, each asked for while the one before is still worked on. What goes wrong is thrown when its turn comes,
 * and whoever stops early waits for what was asked for.
 */
export async function* oneAhead<T>(source: AsyncGenerator<T, void, undefined>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = source.next();
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await source.return();
  }
}
