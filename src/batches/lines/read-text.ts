import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { ResetError } from '../../errors.ts';

/** Shares of NUL bytes, at even and odd places, from which text is UTF-16: half of every plain letter is one. */
const UTF16_SHARE = 0.1;
const ARCHIVE = 'PK\u0003\u0004';

/**
 * A text file in pieces, without its byte order mark: UTF-8, or UTF-16 of either byte order, which is recognised by
 * the mark or by where the NUL bytes are. Bytes that are not UTF-8 become U+FFFD.
 *
 * @throws usage_invalid for a file that is not text
 */
export async function* readText(path: string, name: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(encodingOf(chunk, name));
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

function encodingOf(head: Buffer, name: string): string {
  if (head.subarray(0, 4).toString('latin1') === ARCHIVE) {
    throw new ResetError(
      'usage_invalid',
      `${name} is a spreadsheet or an archive, not a text file. Export the list as CSV, and give that file.`,
    );
  }
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return mark === 'fffe' ? 'utf-16le' : 'utf-16be';
  const [even, odd] = countNuls(head);
  if (even + odd === 0) return 'utf-8';
  const least = (head.length / 2) * UTF16_SHARE;
  if (odd > least && odd > 2 * even) return 'utf-16le';
  if (even > least && even > 2 * odd) return 'utf-16be';
  throw new ResetError(
    'usage_invalid',
    `${name} is not a text file: it holds NUL bytes. Export the list as CSV (UTF-8), and give that file.`,
  );
}

/** At even and at odd places. */
function countNuls(head: Buffer): [number, number] {
  let [even, odd] = [0, 0];
  for (let at = head.indexOf(0); at !== -1; at = head.indexOf(0, at + 1)) {
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  return [even, odd];
}
