import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** Of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** `npm test` has built the package already; building it again would pull `dist` from under other tests. */
export async function pack(...args: string[]): Promise<Packed> {
  const { stdout } = await execa('npm', ['pack', '--json', '--ignore-scripts', ...args], { cwd: root });
  return (JSON.parse(stdout) as [Packed])[0];
}
