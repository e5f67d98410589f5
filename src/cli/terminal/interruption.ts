import { Interrupted } from './ask.ts';

/** What the first Ctrl-C or SIGTERM does. */
export interface Interruption {
  /** Aborted by it. A command that reads this promises to end by itself, after finishing its work in progress. */
  readonly signal: AbortSignal;
  /** Rejects with Interrupted, unless a command has made that promise. */
  readonly atOnce: Promise<never>;
  /** whether a person pressed Ctrl-C: exit code 130 however well the command ended */
  readonly isByPerson: boolean;
  /** the message for an interrupted command: what goes on without it */
  leaving: string | undefined;
  /** From now on a signal does what it does to any process. */
  release(): void;
}

/** Wait for Ctrl-C and SIGTERM. */
export function awaitInterruption(): Interruption {
  const controller = new AbortController();
  let isTaken = false;
  let isByPerson = false;
  let refuse: (error: Error) => void = () => undefined;
  const atOnce = new Promise<never>((_resolve, reject) => (refuse = reject));
  atOnce.catch(() => undefined); // it may arrive when nothing waits for it any more
  const stop = (name: NodeJS.Signals) => {
    isByPerson = name === 'SIGINT';
    controller.abort();
    if (!isTaken) refuse(new Interrupted());
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return {
    get signal() {
      isTaken = true;
      return controller.signal;
    },
    atOnce,
    leaving: undefined,
    get isByPerson() {
      return isByPerson;
    },
    release() {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}
