import { setImmediate as nextTurn } from 'node:timers/promises';

/** About 2 ms of MD5 or SHA-512 on one core: what a request may wait for another's hash (R42). */
const STEPS_AT_A_TIME = 1000;

/** Runs `step` this many times, each on the previous result, and lets the event loop turn in between. */
export async function repeat<T>(times: number, start: T, step: (value: T, index: number) => T): Promise<T> {
  let value = start;
  for (let index = 0; index < times; index += 1) {
    if (index % STEPS_AT_A_TIME === STEPS_AT_A_TIME - 1) await nextTurn();
    value = step(value, index);
  }
  return value;
}
