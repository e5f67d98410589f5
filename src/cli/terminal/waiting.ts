import { fitWidth } from '../../values/display-width.ts';
import { oneLine } from '../../values/printable.ts';
import type { Context } from '../command/context.ts';

/** A line at the bottom of the terminal that says what reset is waiting for. */
export interface Waiting {
  /** what it is now: `mail.example.com:587, attempt 2` */
  say(what: string): void;
  end(): void;
}

/** Waits shorter than this are not worth a line. */
const PATIENCE_MS = 500;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** The lines on the screen, for a process that ends in the middle of one. */
const open = new Set<Waiting>();

/** Clears what a Ctrl-C leaves behind. */
export const endWaiting = (): void => {
  for (const each of open) each.end();
};

type Where = Pick<Context, 'output' | 'quiet'>;

/** After half a second, at a terminal and without --quiet or --json: what reset is waiting for, and for how long. */
export function startWaiting({ output, quiet }: Where, what: string): Waiting {
  let text = what;
  let stop = (): void => undefined;
  let isOver = quiet || output.isJson || !process.stderr.isTTY;
  const startedAt = performance.now();
  const show = async (): Promise<void> => {
    const { default: cliProgress } = await import('cli-progress');
    if (isOver) return;
    const bar = new cliProgress.SingleBar({
      format: () => waitingLine(text, performance.now() - startedAt, process.stderr.columns || 80),
      stream: process.stderr,
      linewrap: true, // so that nothing has to be put back
      clearOnComplete: true,
    });
    bar.start(1, 0);
    stop = () => {
      bar.stop();
    };
  };
  const timer = isOver ? undefined : setTimeout(() => void show(), PATIENCE_MS);
  const waiting: Waiting = {
    say: (now) => (text = now),
    end() {
      if (!isOver) stop();
      isOver = true;
      clearTimeout(timer);
      open.delete(waiting);
    },
  };
  open.add(waiting);
  return waiting;
}

/** `⠹ Waiting for mail.example.com:587, attempt 2 (7 s)` */
export function waitingLine(what: string, ms: number, columns: number): string {
  const frame = FRAMES[Math.floor(ms / FRAME_MS) % FRAMES.length] ?? '';
  const seconds = ` (${Math.floor(ms / 1000)} s)`;
  // The last column would wrap in some terminals.
  const room = Math.max(0, columns - 1 - frame.length - 1 - seconds.length);
  return `${frame} ${fitWidth(`Waiting for ${oneLine(what)}`, room)}${seconds}`;
}

/** Waits for work, and says so. */
export async function waitFor<T>(where: Where, what: string, work: () => Promise<T>): Promise<T> {
  const waiting = startWaiting(where, what);
  try {
    return await work();
  } finally {
    waiting.end();
  }
}
