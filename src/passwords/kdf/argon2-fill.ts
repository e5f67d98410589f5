/** The memory of Argon2 (RFC 9106, section 3), without any library: blocks of 1024 bytes, as 256 words of 32 bits. */

const WORDS = 256;
const SLICES = 4;

export interface Argon2Memory {
  /** all blocks, lane after lane; the first two of each lane are filled, and then the others */
  readonly blocks: Uint32Array;
  readonly lanes: number;
  /** blocks in a lane; a multiple of four */
  readonly columns: number;
  readonly passes: number;
  /** as the RFC numbers them */
  readonly type: 0 | 1 | 2;
}

/** One segment of one lane of one pass. */
interface Position {
  readonly pass: number;
  readonly slice: number;
  readonly lane: number;
}

export function fillMemory(memory: Argon2Memory): void {
  for (let pass = 0; pass < memory.passes; pass += 1) {
    for (let slice = 0; slice < SLICES; slice += 1) {
      for (let lane = 0; lane < memory.lanes; lane += 1) fillSegment(memory, { pass, slice, lane });
    }
  }
}

/** The last blocks of all lanes, XORed. */
export function lastBlock({ blocks, lanes, columns }: Argon2Memory): Buffer {
  const sum = Buffer.alloc(WORDS * 4);
  for (let word = 0; word < WORDS; word += 1) {
    let value = 0;
    for (let lane = 1; lane <= lanes; lane += 1) value ^= blocks[(lane * columns - 1) * WORDS + word] ?? 0;
    sum.writeInt32LE(value, word * 4);
  }
  return sum;
}

function fillSegment(memory: Argon2Memory, at: Position): void {
  const { blocks, columns, type } = memory;
  const { pass, slice, lane } = at;
  const length = columns / SLICES;
  const isIndependent = type === 1 || (type === 2 && pass === 0 && slice < SLICES / 2);
  const addresses = isIndependent ? addressesOf(memory, at) : undefined;
  for (let index = pass === 0 && slice === 0 ? 2 : 0; index < length; index += 1) {
    const column = slice * length + index;
    const own = (lane * columns + column) * WORDS;
    const before = (lane * columns + ((column + columns - 1) % columns)) * WORDS;
    const [first = 0, second = 0] = addresses?.(index) ?? [blocks[before], blocks[before + 1]];
    const other = referenceTo(memory, at, index, first, second) * WORDS;
    mixBlocks(blocks, before, other, own, pass > 0);
  }
}

/** Pseudo-random words that don't depend on the password (section 3.4.1.2). */
function addressesOf(
  { blocks, passes, type }: Argon2Memory,
  { pass, slice, lane }: Position,
): (index: number) => readonly number[] {
  const [zero, input, output] = [0, WORDS, 2 * WORDS];
  const room = new Uint32Array(3 * WORDS);
  const facts = [pass, lane, slice, blocks.length / WORDS, passes, type];
  for (const [index, fact] of facts.entries()) room[input + 2 * index] = fact;
  const counter = input + 2 * facts.length;
  return (index) => {
    const wanted = Math.floor(index / 128) + 1;
    if (room[counter] !== wanted) {
      room[counter] = wanted;
      mixBlocks(room, zero, input, output, false);
      mixBlocks(room, zero, output, output, false);
    }
    const at = output + 2 * (index % 128);
    return [room[at] ?? 0, room[at + 1] ?? 0];
  };
}

/** Which earlier block is mixed in: its number (section 3.4.2). */
function referenceTo(
  { lanes, columns }: Argon2Memory,
  { pass, slice, lane }: Position,
  index: number,
  first: number,
  second: number,
): number {
  const length = columns / SLICES;
  const otherLane = pass === 0 && slice === 0 ? lane : (second >>> 0) % lanes;
  const finished = pass === 0 ? slice * length : columns - length;
  const area = otherLane === lane ? finished + index - 1 : finished - (index === 0 ? 1 : 0);
  const square = highProduct(first, first) >>> 0;
  const back = area - 1 - (highProduct(area, square) >>> 0);
  const start = pass === 0 || slice === SLICES - 1 ? 0 : (slice + 1) * length;
  return otherLane * columns + ((start + back) % columns);
}

const mixed = new Uint32Array(WORDS);
const kept = new Uint32Array(WORDS);

/** The compression function G: `target` becomes G(one, other), with what it held XORed in if `isAdded`. */
function mixBlocks(room: Uint32Array, one: number, other: number, target: number, isAdded: boolean): void {
  for (let word = 0; word < WORDS; word += 1) {
    const value = (room[one + word] ?? 0) ^ (room[other + word] ?? 0);
    mixed[word] = value;
    kept[word] = isAdded ? value ^ (room[target + word] ?? 0) : value;
  }
  for (let row = 0; row < 8; row += 1) permute(32 * row, 2, 4);
  for (let column = 0; column < 8; column += 1) permute(4 * column, 2, 32);
  for (let word = 0; word < WORDS; word += 1) room[target + word] = (mixed[word] ?? 0) ^ (kept[word] ?? 0);
}

/** BLAKE2's round over sixteen words of 64 bits: pairs of neighbours, `step` apart from pair to pair. */
function permute(from: number, next: number, step: number): void {
  const at = (index: number): number => from + (index >> 1) * step + (index & 1) * next;
  for (let column = 0; column < 4; column += 1)
    quarter(at(column), at(column + 4), at(column + 8), at(column + 12));
  for (let column = 0; column < 4; column += 1) {
    quarter(at(column), at(4 + ((column + 1) & 3)), at(8 + ((column + 2) & 3)), at(12 + ((column + 3) & 3)));
  }
}

function quarter(a: number, b: number, c: number, d: number): void {
  multiplyAdd(a, b);
  turn(d, a, 32);
  multiplyAdd(c, d);
  turn(b, c, 24);
  multiplyAdd(a, b);
  turn(d, a, 16);
  multiplyAdd(c, d);
  turn(b, c, 63);
}

/** a = a + b + 2 · low(a) · low(b), in 64 bits. */
function multiplyAdd(a: number, b: number): void {
  const aLow = mixed[a] ?? 0;
  const bLow = mixed[b] ?? 0;
  const productLow = Math.imul(aLow, bLow);
  const doubledLow = productLow << 1;
  const doubledHigh = (highProduct(aLow, bLow) << 1) | (productLow >>> 31);
  const low = aLow + bLow + (doubledLow >>> 0);
  mixed[a] = low;
  mixed[a + 1] = (mixed[a + 1] ?? 0) + (mixed[b + 1] ?? 0) + doubledHigh + Math.floor(low / 2 ** 32);
}

/** target = (target xor other), turned right by so many bits. */
function turn(target: number, other: number, bits: 16 | 24 | 32 | 63): void {
  const low = (mixed[target] ?? 0) ^ (mixed[other] ?? 0);
  const high = (mixed[target + 1] ?? 0) ^ (mixed[other + 1] ?? 0);
  if (bits === 32) {
    mixed[target] = high;
    mixed[target + 1] = low;
  } else if (bits === 63) {
    mixed[target] = (low << 1) | (high >>> 31);
    mixed[target + 1] = (high << 1) | (low >>> 31);
  } else {
    mixed[target] = (low >>> bits) | (high << (32 - bits));
    mixed[target + 1] = (high >>> bits) | (low << (32 - bits));
  }
}

/** The upper 32 bits of the product of two words. */
function highProduct(one: number, other: number): number {
  const low = one & 0xffff;
  const high = one >>> 16;
  const otherLow = other & 0xffff;
  const otherHigh = other >>> 16;
  const middle = high * otherLow + ((low * otherLow) >>> 16);
  return (high * otherHigh + Math.floor(middle / 65536) + (low * otherHigh + (middle & 0xffff)) / 65536) | 0;
}
