/** Exit codes beside those of the errors. */
export const EXIT = { done: 0, fault: 1, interrupted: 130 } as const;

/** For what is still open and would keep the process alive. Nothing is lost: every step is a transaction. */
export function exitNow(code: number): never {
  // eslint-disable-next-line no-restricted-properties -- the one place that may: it is the end
  process.exit(code);
}
