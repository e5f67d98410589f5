import { spawnSync } from 'node:child_process';

export const bin = new URL('../../bin/reset.js', import.meta.url).pathname;

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Milliseconds that one process takes from start to end. */
function timeProcess(args, options) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

/** Median of `args` over the median of `node -e 0`, taken in turns so that both see the same machine. */
export function compareStart(args, options = {}, runs = 21) {
  const times = Array.from({ length: runs }, () => [timeProcess(['-e', '0']), timeProcess(args, options)]);
  return median(times.map(([, ours]) => ours)) / median(times.map(([bare]) => bare));
}

/** Rounds of `work` a second, the best of three series. */
export function rate(work, rounds) {
  work();
  const series = Array.from({ length: 3 }, () => {
    const start = performance.now();
    for (let round = 0; round < rounds; round += 1) work();
    return (rounds * 1000) / (performance.now() - start);
  });
  return Math.max(...series);
}
