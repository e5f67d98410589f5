import { median } from './measure.js';
import { openPlayground } from './playground.js';

export const title = 'R45: difference between known and unknown addresses on the request page, medians in ms';
export const limit = { most: 5 };

const PAIRS = 300;

export async function measure() {
  const playground = await openPlayground({ mail: { url: 'smtp://127.0.0.1:1', from: 'bench@example.com' } });
  await playground.addUser('known@example.com');
  const stop = await playground.serve();
  const times = { known: [], unknown: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    for (const who of pair % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known']) {
      const start = performance.now();
      const body = new URLSearchParams({ email: `${who}@example.com` });
      await fetch(`${playground.baseUrl}/reset_password_request`, {
        method: 'POST',
        body,
        redirect: 'manual',
      });
      times[who].push(performance.now() - start);
    }
  }
  await stop();
  await playground.close();
  const p = mannWhitney(times.known, times.unknown);
  if (p <= 0.01) throw new Error(`the two can be told apart: Mann-Whitney p = ${p.toFixed(4)}`);
  return Math.abs(median(times.known) - median(times.unknown));
}

/** Two-sided p by the normal approximation, good for hundreds of values without ties. */
function mannWhitney(one, other) {
  const all = [
    ...one.map((time) => ({ time, isOne: true })),
    ...other.map((time) => ({ time, isOne: false })),
  ];
  all.sort((a, b) => a.time - b.time);
  const rankSum = all.reduce((sum, { isOne }, index) => sum + (isOne ? index + 1 : 0), 0);
  const u = rankSum - (one.length * (one.length + 1)) / 2;
  const mean = (one.length * other.length) / 2;
  const deviation = Math.sqrt((one.length * other.length * (all.length + 1)) / 12);
  return 2 * (1 - normal(Math.abs(u - mean) / deviation));
}

/** The normal distribution, after Abramowitz and Stegun, 26.2.17. */
function normal(z) {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = tail.reduce((total, factor, index) => total + factor * t ** (index + 1), 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
