import { escapeControls } from '../../values/printable.ts';

/** A few lines at the bottom of a terminal that are drawn again and again. */
export interface Screen {
  /** the lines replace those drawn before; each is cut at the width of the terminal */
  draw(lines: readonly string[]): void;
}

/** On stdout, which must be a terminal. */
export function openScreen(stream: NodeJS.WriteStream = process.stdout): Screen {
  let drawn = 0;
  return {
    draw(lines) {
      const back = drawn === 0 ? '' : `\u001b[${drawn}A\r\u001b[J`;
      const columns = stream.columns || 80; // a pseudo-terminal may say 0
      const cut = lines.map((line) => escapeControls(line).slice(0, columns - 1));
      stream.write(`${back}${cut.join('\n')}\n`);
      drawn = cut.length;
    },
  };
}
