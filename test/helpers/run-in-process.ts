import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The program as it is installed. */
export const bin = fileURLToPath(new URL('../../bin/reset.js', import.meta.url));

/** What a process leaves behind. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command finds in its process. */
export interface Surroundings {
  readonly cwd: string;
  /** all of the environment */
  readonly env: Readonly<Record<string, string>>;
  /** standard input; closed without */
  readonly input?: string;
  readonly timeoutMs: number;
}

type Main = (argv: readonly string[]) => Promise<number>;
type Undo = () => void;

/** Thrown where the program would end its process. */
class Exited extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

let program: Promise<{ main: Main }> | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the built program in this process, which is ten times as fast as starting one. A process has one environment,
 * one folder and three streams, so that one command waits for the other.
 */
export function runInProcess(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  if ('NODE_OPTIONS' in surroundings.env)
    throw new Error('What NODE_OPTIONS asks for, only spawnReset can do.');
  const running = last.then(() => run(args, surroundings));
  last = running.catch(() => undefined);
  return running;
}

async function run(args: readonly string[], { cwd, env, input, timeoutMs }: Surroundings): Promise<Ended> {
  const { main } = await (program ??= load());
  const stdin = Readable.from(input === undefined ? [] : [Buffer.from(input)]);
  const [stdout, stderr] = [collect(), collect()];
  const undo = [
    replaceEnvironment(env),
    replaceFolder(cwd),
    replace('stdin', stdin),
    replace('stdout', stdout.stream),
    replace('stderr', stderr.stream),
    replace('argv', [process.execPath, bin, ...args]),
    replace('exit', (code: number) => {
      throw new Exited(code);
    }),
  ];
  try {
    const code = await withinTime(main(args), timeoutMs, args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const each of undo) each();
  }
}

/** The program looks up its name and place as it is loaded. */
async function load(): Promise<{ main: Main }> {
  const undo = [
    replace('argv', [process.execPath, bin]),
    replaceFolder(tmpdir()),
    replace('stdout', collect().stream),
    replace('stderr', collect().stream),
  ];
  try {
    const loaded = createRequire(import.meta.url)('../../dist/program/main.cjs') as { main: Main };
    await loaded.main(['keygen', '--quiet']); // loads the rest
    return loaded;
  } finally {
    for (const each of undo) each();
  }
}

async function withinTime(running: Promise<number>, ms: number, args: readonly string[]): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`reset ${args.join(' ')} did not end within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([running, tooLate]);
  } catch (error) {
    if (error instanceof Exited) return error.code;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A stream that keeps what is written to it. */
function collect(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

function replace(name: 'argv' | 'stdin' | 'stdout' | 'stderr' | 'exit', value: unknown): Undo {
  const before = Object.getOwnPropertyDescriptor(process, name) ?? {};
  Object.defineProperty(process, name, { value, configurable: true, writable: true });
  return () => void Object.defineProperty(process, name, before);
}

function replaceEnvironment(env: Readonly<Record<string, string>>): Undo {
  const before = { ...process.env };
  const become = (wanted: Readonly<Record<string, string | undefined>>) => {
    for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
    Object.assign(process.env, wanted);
  };
  become(env);
  return () => become(before);
}

function replaceFolder(cwd: string): Undo {
  const before = process.cwd();
  process.chdir(cwd);
  return () => process.chdir(before);
}
