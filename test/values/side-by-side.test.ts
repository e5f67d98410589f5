import { expect, test } from 'vitest';
import { sideBySide } from '../../src/values/side-by-side.ts';

async function* numbers(last: number): AsyncGenerator<number> {
  for (let value = 1; value <= last; value += 1) yield await Promise.resolve(value);
}

/** Work that ends when it is told to, and says when it begins. */
function controlled() {
  const said: string[] = [];
  const ends = new Map<number, (error?: Error) => void>();
  const work = (value: number) =>
    new Promise<string>((resolve, reject) => {
      said.push(`begin ${value}`);
      ends.set(value, (error) => {
        said.push(`end ${value}`);
        if (error) reject(error);
        else resolve(`result ${value}`);
      });
    });
  return { said, ends, work };
}

test('so many are worked on at a time, and the results come in order', async () => {
  const { said, ends, work } = controlled();
  const results = sideBySide(numbers(3), 2, work);
  const first = results.next();
  await expect.poll(() => said).toEqual(['begin 1', 'begin 2']);
  ends.get(2)?.();
  ends.get(1)?.();
  expect((await first).value).toBe('result 1');
  const second = results.next();
  await expect.poll(() => said.at(-1)).toBe('begin 3');
  expect((await second).value).toBe('result 2');
  const third = results.next();
  ends.get(3)?.();
  expect((await third).value).toBe('result 3');
  expect((await results.next()).done).toBe(true);
});

test('what goes wrong is thrown in its turn, after what has begun beside it has ended', async () => {
  const { said, ends, work } = controlled();
  const results = sideBySide(numbers(3), 2, work);
  const first = results.next();
  await expect.poll(() => said).toEqual(['begin 1', 'begin 2']);
  ends.get(1)?.(new Error('the disk is gone'));
  let thrown: unknown;
  const ended = first.catch((error: unknown) => (thrown = error));
  await expect.poll(() => said.at(-1)).toBe('end 1');
  expect(thrown).toBeUndefined();
  ends.get(2)?.();
  await ended;
  expect(thrown).toEqual(new Error('the disk is gone'));
});

test('whoever stops early waits for what has begun', async () => {
  const { said, ends, work } = controlled();
  const results = sideBySide(numbers(3), 2, work);
  const first = results.next();
  await expect.poll(() => said).toEqual(['begin 1', 'begin 2']);
  ends.get(1)?.();
  await first;
  const stopped = results.return();
  ends.get(2)?.();
  await stopped;
  expect(said).toEqual(['begin 1', 'begin 2', 'end 1', 'end 2']);
});
