import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Any amount of text on stdout, as fast as it is read there. The pieces are fit for a terminal already. */
export const printPieces = (pieces: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(pieces), process.stdout, { end: false }).catch(forgiveClosed);

/** `| head` has seen enough. */
function forgiveClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
