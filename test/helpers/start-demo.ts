import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { bin, cleanEnvironment, plain } from './run-reset.ts';

interface Demo {
  readonly folder: string;
  readonly mailbox: string;
  readonly pages: string;
}

/** Starts `reset demo` and waits until it says where things are. */
export async function startDemo(dir: string): Promise<{ demo: Demo; stop(): Promise<number | undefined> }> {
  const child = execa(process.execPath, [bin, 'demo', '--dir', dir, '--port', '0', '--json'], {
    ...plain,
    env: cleanEnvironment(),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    child.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
  return {
    demo: JSON.parse(line) as Demo,
    stop: async () => {
      child.kill('SIGINT');
      return (await child).exitCode;
    },
  };
}
