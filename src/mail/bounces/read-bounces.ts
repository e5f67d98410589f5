import type { Reported } from './bounce.ts';
import { parseEvent } from './parse-event.ts';
import { parseReport } from './parse-report.ts';
import { readPieces } from './read-pieces.ts';

/** Every mail or event of a stream, as what it reports, one after the other. */
export async function* readBounces(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Reported> {
  for await (const { kind, bytes, isCut } of readPieces(stream)) {
    if (kind === 'event') yield isCut ? { none: 'unreadable' } : parseEvent(bytes.toString('utf8'));
    else yield await parseReport(bytes);
  }
}
