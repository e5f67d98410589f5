import { processEnvironment } from '../../config/environment.ts';

type Colour = (text: string) => string;

/** The colours that the program knows. */
export type Paint = Readonly<Record<'green' | 'red' | 'yellow' | 'dim' | 'bold', Colour>>;

export interface Paints {
  readonly out: Paint;
  readonly err: Paint;
}

const same: Colour = (text) => text;
const plain: Paint = { green: same, red: same, yellow: same, dim: same, bold: same };

/**
 * Colours for stdout and stderr, depending on the terminal, `--no-color`, NO_COLOR and FORCE_COLOR. chalk is loaded
 * only if colour is possible: in a pipe it would cost a short command a tenth of its start-up.
 */
export async function loadPaints(argv: readonly string[]): Promise<Paints> {
  const { NO_COLOR = '', FORCE_COLOR } = processEnvironment();
  const isPlain = argv.includes('--no-color') || NO_COLOR !== '';
  const mayColor = process.stdout.isTTY || process.stderr.isTTY || FORCE_COLOR !== undefined;
  if (isPlain || !mayColor) return { out: plain, err: plain };
  const { default: chalk, chalkStderr } = await import('chalk');
  return { out: chalk, err: chalkStderr };
}
