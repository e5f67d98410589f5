import { expect, it } from 'vitest';
import { LARGEST, readPieces, type Piece } from '../../../src/mail/bounces/read-pieces.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function all(stream: AsyncIterable<Buffer>): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of readPieces(stream)) pieces.push(piece);
  return pieces;
}

const texts = (pieces: readonly Piece[]) => pieces.map(({ kind, bytes }) => [kind, bytes.toString()]);

const first = 'Subject: one\n\n>From the start\nFrom here\n';
const second = 'Subject: two\n\nText\n';
const mbox = `From a@example.test Sun Nov 29 10:00:00 2026\n${first}\nFrom b@example.test Sun\n${second}`;

it.each([1, 2, 7, 64, 10_000])('reads mails and events in pieces of %i bytes alike', async (size) => {
  expect(texts(await all(inChunks(mbox, size)))).toEqual([
    ['mail', first],
    ['mail', second],
  ]);
  expect(texts(await all(inChunks(`\n ${first}`, size)))).toEqual([['mail', first]]);
  const windows = mbox.replaceAll('\n', '\r\n');
  expect(await all(inChunks(windows, size))).toHaveLength(2);
  const events = ['{"a":"}\\"{","b":{"c":[{}]}}', '{"ü":1}'];
  for (const [before, between, after] of [
    ['', '\n', '\n'],
    ['\ufeff[', ',', ']'],
    ['', '', ''],
  ] as const)
    expect(texts(await all(inChunks(before + events.join(between) + after, size)))).toEqual(
      events.map((text) => ['event', text]),
    );
});

it.each(['', '\n\n', '   '])('finds nothing in %j', async (text) => {
  expect(await all(inChunks(text, 2))).toEqual([]);
});

async function* endless(byte: string, megabytes: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, byte);
  for (let count = 0; count < megabytes * 16; count += 1) yield chunk;
}

it.each([['From '], ['{"'], ['[{'], ['x'], ['\0'], [' ']])(
  'keeps one megabyte at most of a long stream of %j',
  async (beginning) => {
    async function* stream() {
      yield Buffer.from(beginning);
      yield* endless(beginning, 20);
    }
    for (const { bytes, isCut } of await all(stream())) {
      expect(bytes.length).toBeLessThanOrEqual(LARGEST);
      expect(isCut).toBe(true);
    }
  },
);
