/** BLAKE2b of RFC 7693 with a key and of any length, neither of which node:crypto has. For WordPress tokens and Argon2. */
const IV: readonly bigint[] = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];

/** RFC 7693 §2.7: the order of the sixteen words in each round; rounds 10 and 11 repeat the first two. */
const ORDER = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
  '0123456789abcdef',
  'ea489fd61c02b753',
].map((row) => Array.from(row, (digit) => Number.parseInt(digit, 16)));

const COLUMNS = ['048c', '159d', '26ae', '37bf', '05af', '16bc', '278d', '349e'].map((row) =>
  Array.from(row, (digit) => Number.parseInt(digit, 16)),
);
const BLOCK = 128;

export function blake2b(message: Buffer, key: Buffer, length: number): Buffer {
  const state = [...IV];
  state[0] = word(state, 0) ^ 0x01010000n ^ (BigInt(key.length) << 8n) ^ BigInt(length);
  const padded = key.length === 0 ? message : Buffer.concat([key, Buffer.alloc(BLOCK - key.length), message]);
  const blocks = Math.max(1, Math.ceil(padded.length / BLOCK));
  for (let index = 0; index < blocks; index += 1) {
    const isLast = index === blocks - 1;
    const block = Buffer.alloc(BLOCK);
    padded.copy(block, 0, index * BLOCK);
    compress(state, block, isLast ? padded.length : (index + 1) * BLOCK, isLast);
  }
  const out = Buffer.alloc(64);
  for (const [index, value] of state.entries()) out.writeBigUInt64LE(value, index * 8);
  return out.subarray(0, length);
}

function compress(state: bigint[], block: Buffer, bytes: number, isLast: boolean): void {
  const words = Array.from({ length: 16 }, (_, index) => block.readBigUInt64LE(index * 8));
  const v: bigint[] = [...state, ...IV];
  v[12] = word(v, 12) ^ BigInt(bytes);
  if (isLast) v[14] = ~word(v, 14) & MASK;
  for (const order of ORDER) {
    for (const [step, column] of COLUMNS.entries()) {
      mix(v, column, word(words, order[2 * step] ?? 0), word(words, order[2 * step + 1] ?? 0));
    }
  }
  for (let index = 0; index < 8; index += 1) {
    state[index] = word(state, index) ^ word(v, index) ^ word(v, index + 8);
  }
}

function mix(v: bigint[], [a = 0, b = 0, c = 0, d = 0]: readonly number[], x: bigint, y: bigint): void {
  v[a] = (word(v, a) + word(v, b) + x) & MASK;
  v[d] = rotate(word(v, d) ^ word(v, a), 32n);
  v[c] = (word(v, c) + word(v, d)) & MASK;
  v[b] = rotate(word(v, b) ^ word(v, c), 24n);
  v[a] = (word(v, a) + word(v, b) + y) & MASK;
  v[d] = rotate(word(v, d) ^ word(v, a), 16n);
  v[c] = (word(v, c) + word(v, d)) & MASK;
  v[b] = rotate(word(v, b) ^ word(v, c), 63n);
}

const MASK = 2n ** 64n - 1n;
const word = (words: readonly bigint[], index: number): bigint => words[index] ?? 0n;
const rotate = (value: bigint, bits: bigint): bigint => ((value >> bits) | (value << (64n - bits))) & MASK;
