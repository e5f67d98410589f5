import { describe, expect, it } from 'vitest';
import { argon2Key } from '../../../src/passwords/kdf/argon2.ts';
import { argon2WithShortSalt } from '../../../src/passwords/kdf/argon2-short-salt.ts';

describe('Argon2 without a library', () => {
  it.each([
    ['argon2id', 2, 64, 1, 1, 8, 32],
    ['argon2id', 2, 65, 3, 2, 16, 50],
    ['argon2i', 1, 2048, 2, 4, 9, 64],
    ['argon2d', 0, 256, 4, 3, 32, 100],
    ['argon2id', 2, 1024, 2, 8, 8, 129],
  ] as const)(
    'computes the key of the library: %s',
    async (type, number, memoryKiB, passes, lanes, bytes, length) => {
      const parts = { salt: Buffer.alloc(bytes, 'salt'), memoryKiB, passes, lanes };
      const ours = argon2WithShortSalt('Käthe 漢字', { type: number, ...parts }, length);
      expect(ours.toString('hex')).toBe(
        (await argon2Key('Käthe 漢字', { type, ...parts }, length)).toString('hex'),
      );
    },
  );
});
