import { blake2b } from '../../values/blake2b.ts';
import { fillMemory, lastBlock } from './argon2-fill.ts';

export interface ShortSaltArgon2 {
  readonly type: 0 | 1 | 2;
  readonly salt: Buffer;
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

const VERSION = 0x13;
const BLOCK = 1024;

/**
 * Argon2 of RFC 9106 for salts below eight bytes, which no library takes and Go's does. Three seconds where the
 * library needs a tenth, so only for those.
 */
export function argon2WithShortSalt(password: string, parts: ShortSaltArgon2, length: number): Buffer {
  const { type, salt, memoryKiB, passes, lanes } = parts;
  const columns = 4 * Math.max(2, Math.floor(memoryKiB / (4 * lanes)));
  const key = Buffer.from(password, 'utf8');
  const first = blake2b(
    Buffer.concat([
      ...[lanes, length, memoryKiB, passes, VERSION, type, key.length].map(word),
      ...[key, word(salt.length), salt, word(0), word(0)],
    ]),
    Buffer.alloc(0),
    64,
  );
  const blocks = new Uint32Array((lanes * columns * BLOCK) / 4);
  for (let lane = 0; lane < lanes; lane += 1) {
    for (const column of [0, 1]) {
      const block = longHash(Buffer.concat([first, word(column), word(lane)]), BLOCK);
      const from = ((lane * columns + column) * BLOCK) / 4;
      for (let at = 0; at < BLOCK; at += 4) blocks[from + at / 4] = block.readUInt32LE(at);
    }
  }
  const memory = { blocks, lanes, columns, passes, type };
  fillMemory(memory);
  return longHash(lastBlock(memory), length);
}

/** H': BLAKE2b of any length (section 3.3). */
function longHash(message: Buffer, length: number): Buffer {
  const hash = (input: Buffer, bytes: number): Buffer => blake2b(input, Buffer.alloc(0), bytes);
  const input = Buffer.concat([word(length), message]);
  if (length <= 64) return hash(input, length);
  const parts: Buffer[] = [];
  let [last, left] = [hash(input, 64), length];
  for (; left > 64; left -= 32) {
    parts.push(last.subarray(0, 32));
    last = hash(last, left - 32 > 64 ? 64 : left - 32);
  }
  return Buffer.concat([...parts, last]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
