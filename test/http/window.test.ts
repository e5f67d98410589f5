import { expect, it } from 'vitest';
import { createWindow } from '../../src/http/window.ts';

it('allows a fixed number per window, says how long to wait, and starts again', () => {
  let now = 0;
  const window = createWindow(2, 1000, () => now);
  expect([window.count('a'), window.count('a')]).toEqual([undefined, undefined]);
  now = 400;
  expect([window.count('a'), window.count('b')]).toEqual([600, undefined]);
  now = 1000;
  expect([window.ask('a'), window.ask('c')]).toEqual([undefined, undefined]);
  expect(window.count('a')).toBeUndefined();
  expect(window.ask('a')).toBeUndefined();
  window.count('a');
  expect(window.ask('a')).toBe(1000);
  now = 2000;
  expect(window.ask('a')).toBeUndefined();
});

it('remembers a bounded number of keys', () => {
  const window = createWindow(1, 1000, () => 0);
  window.count('first');
  for (let count = 0; count < 5000; count += 1) window.count(`key${count}`);
  expect(window.count('first')).toBeUndefined();
  expect(window.count('key4999')).toBe(1000);
});
