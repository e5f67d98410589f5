/**
 * The next piece of what an SMTP client has sent, in latin1, and what follows it: a line, or with `isData` a whole mail up to its dot.
 * undefined: not all of it has come.
 */
export function nextPiece(text: string, isData: boolean): readonly [piece: string, rest: string] | undefined {
  const mark = isData ? '\r\n.\r\n' : '\r\n';
  const end = text.indexOf(mark);
  return end === -1 ? undefined : [text.slice(0, end), text.slice(end + mark.length)];
}
