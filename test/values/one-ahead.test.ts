import { expect, test } from 'vitest';
import { oneAhead } from '../../src/values/one-ahead.ts';

/** Says what is asked of it. */
async function* source(said: string[], last = 3): AsyncGenerator<number, void, undefined> {
  try {
    for (let value = 1; value <= last; value += 1) {
      said.push(`read ${value}`);
      yield await Promise.resolve(value);
    }
    throw new Error('the disk is gone');
  } finally {
    said.push('closed');
  }
}

test('the next value is asked for while the one before is worked on, and what goes wrong is thrown in its turn', async () => {
  const said: string[] = [];
  const all = async () => {
    for await (const value of oneAhead(source(said))) said.push(`use ${value}`);
  };
  await expect(all()).rejects.toThrow('the disk is gone');
  expect(said).toEqual(['read 1', 'read 2', 'use 1', 'read 3', 'use 2', 'closed', 'use 3']);
});

test('whoever stops early leaves nothing open, also when what was asked for fails', async () => {
  for (const last of [1, 3]) {
    const said: string[] = [];
    for await (const value of oneAhead(source(said, last))) {
      said.push(`use ${value}`);
      break;
    }
    expect(said.at(-1)).toBe(last === 1 ? 'use 1' : 'closed');
    expect(said.filter((each) => each === 'closed')).toHaveLength(1);
  }
});
