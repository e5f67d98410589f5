import { defineBody } from '../hash-body.ts';
import { bytesEqual } from '../../values/bytes-equal.ts';
import { digest } from './digest.ts';
import { encodeNumber } from './itoa64.ts';
import { repeat } from './repeat.ts';

const SHAPE = /^(\$1\$|\$apr1\$)([^$]{0,8})\$([./0-9A-Za-z]{22})$/;
const ROUNDS = 1000;
/** In which order the bytes of the digest become text; the twelfth stands alone. */
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

/** Poul-Henning Kamp's MD5 crypt `$1$salt$…`, and Apache's `$apr1$`, which differs by that mark only. Read only. */
export const md5CryptBody = defineBody({
  read(encoded: string) {
    const [, mark, salt, text] = SHAPE.exec(encoded) ?? [];
    if (mark === undefined || salt === undefined || text === undefined) return undefined;
    return { mark, salt, text: Buffer.from(text) };
  },
  matches: async (password, { mark, salt, text }) =>
    bytesEqual(Buffer.from(await md5Crypt(password, mark, salt)), text),
  parameters: ({ mark }) => ({ variant: mark === '$1$' ? 'md5-crypt' : 'apache' }),
});

async function md5Crypt(password: string, mark: string, salt: string): Promise<string> {
  const md5 = (parts: readonly Buffer[]): Buffer => digest('md5', Buffer.concat(parts));
  const key = Buffer.from(password);
  const salted = Buffer.from(salt);
  const alternate = md5([key, salted, key]);
  const parts = [key, Buffer.from(mark), salted, Buffer.alloc(key.length, alternate)];
  for (let bits = key.length; bits > 0; bits >>>= 1)
    parts.push(bits & 1 ? Buffer.alloc(1) : key.subarray(0, 1));
  const last = await repeat(ROUNDS, md5(parts), (hash, round) => {
    const isOdd = round % 2 === 1;
    return md5([
      isOdd ? key : hash,
      ...(round % 3 === 0 ? [] : [salted]),
      ...(round % 7 === 0 ? [] : [key]),
      isOdd ? hash : key,
    ]);
  });
  const at = (index: number): number => last[index] ?? 0;
  const groups = ORDER.map(([high, middle, low]) =>
    encodeNumber((at(high) << 16) | (at(middle) << 8) | at(low), 4),
  );
  return groups.join('') + encodeNumber(at(11), 2);
}
