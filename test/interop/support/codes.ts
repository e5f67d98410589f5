import { execa } from 'execa';

/** How long a code of an authenticator app is good, in milliseconds. */
const STEP_MS = 30_000;

/**
 * Types the code of this moment. Where it ran out on the way, the person types the next one: `isRefused` says that the
 * application did not take it. `secret` in base32; `stepsAgo`: the code from so many codes ago, for applications that take
 * each one once, and older ones too.
 */
export async function withCode<T>(
  secret: string,
  type: (code: string) => Promise<T>,
  isRefused: (answer: T) => boolean,
  stepsAgo = 0,
): Promise<T> {
  for (;;) {
    const step = Math.floor(Date.now() / STEP_MS);
    const now = new Date((step - stepsAgo) * STEP_MS).toISOString();
    const { stdout } = await execa('oathtool', ['--totp', '--base32', `--now=${now}`, secret]);
    const answer = await type(stdout.trim());
    if (!isRefused(answer) || Math.floor(Date.now() / STEP_MS) === step) return answer;
  }
}
