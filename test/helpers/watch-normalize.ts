import { onTestFinished, vi } from 'vitest';

/** How long the strings are that the test normalises from now on: that is what takes time with combining marks. */
export function watchNormalize(): () => number[] {
  const spy = vi.spyOn(String.prototype, 'normalize');
  onTestFinished(() => spy.mockRestore());
  return () => spy.mock.contexts.map((text) => String(text).length);
}
