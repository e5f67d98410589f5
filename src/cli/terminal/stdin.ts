import { decodeText, isUtf16 } from '../../values/decode-text.ts';

/**
 * One line of standard input without its line end (`\n` or `\r\n`) and without the mark that Windows programs put
 * before it; everything else is kept (R81).
 */
export async function readLine(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (chunk.includes(0x0a) && !isUtf16(Buffer.concat(chunks))) break;
  }
  const text = decodeText(Buffer.concat(chunks));
  const end = text.indexOf('\n');
  return (end === -1 ? text : text.slice(0, end)).replace(/\r$/, '');
}

/** All of standard input, without the white space around it. */
export async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return decodeText(Buffer.concat(chunks)).trim();
}
