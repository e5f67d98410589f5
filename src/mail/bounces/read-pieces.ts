/** One mail, or one event of a provider. */
export interface Piece {
  readonly kind: 'mail' | 'event';
  /** cut at `LARGEST`: what a report says stands at its beginning */
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/** A report holds the mail that came back, and ours are far smaller. What follows is read and forgotten. */
export const LARGEST = 1024 * 1024;

/**
 * A stream → its mails (one, or an mbox) or events (objects, on lines of their own or in a list). However long the
 * stream is, one piece is held at a time.
 */
export async function* readPieces(stream: AsyncIterable<Buffer | string>): AsyncGenerator<Piece> {
  let splitter: Splitter | undefined;
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (splitter === undefined) {
      head = withoutBlanks(Buffer.concat([head, bytes]));
      if (head.length < FROM.length) continue;
      splitter = splitterFor(head);
      yield* splitter.take(head);
    } else yield* splitter.take(bytes);
  }
  splitter ??= splitterFor(head);
  if (head.length > 0 && head.length < FROM.length) yield* splitter.take(head);
  yield* splitter.end();
}

interface Splitter {
  take(bytes: Buffer): Iterable<Piece>;
  end(): Iterable<Piece>;
}

const FROM = Buffer.from('From ');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** What stands before the first letter says nothing; however much there is, it is not kept. */
function withoutBlanks(bytes: Buffer): Buffer {
  const start = bytes.subarray(0, 3).equals(BOM) ? 3 : 0;
  const at = bytes.subarray(start).findIndex((byte) => byte > 0x20);
  return at === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start + at));
}

function splitterFor(head: Buffer): Splitter {
  const [first] = head;
  if (first === 0x7b || first === 0x5b) return splitEvents();
  return head.subarray(0, FROM.length).equals(FROM) ? splitMbox() : wholeMail();
}

/** Keeps the first `LARGEST` bytes of what it is given. */
class Keeper {
  readonly #kept: Buffer[] = [];
  #length = 0;
  #isCut = false;

  add(bytes: Buffer): void {
    const room = LARGEST - this.#length;
    const fitting = bytes.subarray(0, room);
    // A copy: a slice would keep the whole chunk.
    if (fitting.length > 0) this.#kept.push(Buffer.from(fitting));
    this.#length += fitting.length;
    this.#isCut ||= bytes.length > room;
  }

  /** and starts again */
  *give(kind: Piece['kind']): Iterable<Piece> {
    const bytes = Buffer.concat(this.#kept.splice(0));
    const isCut = this.#isCut;
    this.#length = 0;
    this.#isCut = false;
    if (bytes.some((byte) => byte > 0x20)) yield { kind, bytes, isCut };
  }
}

function wholeMail(): Splitter {
  const keeper = new Keeper();
  return {
    take: (bytes) => {
      keeper.add(bytes);
      return [];
    },
    end: () => keeper.give('mail'),
  };
}

const SEPARATORS = [Buffer.from('\n\nFrom '), Buffer.from('\n\r\nFrom ')];
const LONGEST = 8;

/** A mail begins after an empty line with `From sender date`, which is not a header and is left out. */
function splitMbox(): Splitter {
  const keeper = new Keeper();
  let rest: Buffer = Buffer.alloc(0);
  let isInFromLine = true;
  function* take(bytes: Buffer): Iterable<Piece> {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (isInFromLine) {
        const end = rest.indexOf(0x0a);
        if (end === -1) {
          rest = Buffer.alloc(0);
          return;
        }
        // The line end stays: an mbox may hold a mail without headers.
        rest = rest.subarray(end + 1);
        isInFromLine = false;
      }
      const found = SEPARATORS.map((mark) => ({ at: rest.indexOf(mark), length: mark.length }))
        .filter(({ at }) => at !== -1)
        .sort((one, other) => one.at - other.at)[0];
      if (!found) break;
      keeper.add(rest.subarray(0, found.at + 1));
      yield* keeper.give('mail');
      rest = rest.subarray(found.at + found.length);
      isInFromLine = true;
    }
    const done = Math.max(0, rest.length - LONGEST);
    keeper.add(rest.subarray(0, done));
    rest = Buffer.from(rest.subarray(done));
  }
  function* end(): Iterable<Piece> {
    if (!isInFromLine) keeper.add(rest);
    yield* keeper.give('mail');
  }
  return { take, end };
}

const [OPEN, CLOSE, QUOTE, BACKSLASH] = [0x7b, 0x7d, 0x22, 0x5c];

/** The outermost objects, wherever they stand: one after the other, on lines, or in a list. */
function splitEvents(): Splitter {
  const keeper = new Keeper();
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  /** Where in this chunk the object ends that is open; −1: it goes on. */
  function endOf(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (isEscaped) isEscaped = false;
      else if (isInString) {
        if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) isInString = true;
      else if (byte === OPEN) depth += 1;
      else if (byte === CLOSE && (depth -= 1) === 0) return at + 1;
    }
    return -1;
  }
  function* take(bytes: Buffer): Iterable<Piece> {
    for (let from = 0; from < bytes.length;) {
      if (depth === 0) {
        const start = bytes.indexOf(OPEN, from);
        if (start === -1) return;
        from = start;
      }
      const end = endOf(bytes, from);
      keeper.add(bytes.subarray(from, end === -1 ? bytes.length : end));
      if (end === -1) return;
      yield* keeper.give('event');
      from = end;
    }
  }
  return { take, end: () => keeper.give('event') };
}
