import { describe, expect, it } from 'vitest';
import { slowHashes } from './read-vectors.ts';

describe.concurrent('a hash that real software made', () => {
  it.each(slowHashes)('$title verifies', async ({ format, password, encoded, pepper }) => {
    expect(await format.verify(password, encoded, { pepper })).toBe(true);
  });
});
