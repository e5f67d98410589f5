import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { bin, cleanEnvironment, plain } from './run-reset.ts';

/** A program at a terminal, as a person sees it. */
export interface Terminal {
  /** Waits until the screen says this, after what was seen before. */
  see(words: RegExp): Promise<string>;
  /** Types, and presses Enter. */
  answer(text: string): void;
  /** Presses keys: `\u001b[B` is the arrow down, `\u0003` is Ctrl-C. */
  press(keys: string): void;
  /** Waits for the end; gives the exit code. */
  end(): Promise<number | undefined>;
  /** everything so far, without colours and cursor movements */
  screen(): string;
}

const PATIENCE_MS = 30_000;

// Colours, cursor movements, and the bell.
const CONTROLS = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|[\u0007\r]/g;

/** `reset …` at a pseudo-terminal, which util-linux's script makes. */
export function openTerminal(args: readonly string[], options: { readonly cwd: string }): Terminal {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return openShell(quoted.join(' '), options);
}

// After the command, the shell says so and waits to be told that everything was read: `script` may drop what is still
// unread when its child ends, on a busy machine all of it. CONTROLS takes this mark off the screen.
const END = '\u001b[777z';
const untilRead = (command: string): string =>
  `${command}\nended=$?; stty -echo; printf '\\033[777z'; read -r; exit $ended`;

/** Any command line at a pseudo-terminal. */
export function openShell(
  command: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Terminal {
  const child = execa('script', ['-qfec', untilRead(command), '/dev/null'], {
    ...plain,
    cwd,
    env: cleanEnvironment({ TERM: 'xterm', COLUMNS: '200', SHELL: '/bin/bash', HISTFILE: '', ...env }),
    timeout: 240_000,
    all: true,
    buffer: true,
  });
  let raw = '';
  let isToldToEnd = false;
  child.all.on('data', (chunk: Buffer) => {
    raw += chunk.toString('utf8');
    if (isToldToEnd || !raw.includes(END)) return;
    isToldToEnd = true;
    child.stdin.write('\r');
  });
  onTestFinished(async () => {
    child.kill();
    await child;
  });
  const screen = () => raw.replace(CONTROLS, '');
  let seen = 0;
  return {
    screen,
    async see(words) {
      for (const giveUpAt = Date.now() + PATIENCE_MS; ;) {
        const found = words.exec(screen().slice(seen));
        if (found) {
          seen += found.index + found[0].length;
          return found[0];
        }
        if (Date.now() > giveUpAt) throw new Error(`The screen never said ${String(words)}:\n${screen()}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    answer: (text) => void child.stdin.write(`${text}\r`),
    press: (keys) => void child.stdin.write(keys),
    end: async () => (await child).exitCode,
  };
}
