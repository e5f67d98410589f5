// npm run bench [NAME…]: each number of test/bench, as a ratio to something on the same machine in the same run.
import { readdirSync } from 'node:fs';

const helpers = [
  'run.js',
  'page-server.js',
  'measure.js',
  'own-database.js',
  'playground.js',
  'load.js',
  'rank-test.js',
  'smtp-sink.js',
];
const named = process.argv.slice(2);
const files = readdirSync(new URL('.', import.meta.url)).filter(
  (file) =>
    file.endsWith('.js') &&
    !helpers.includes(file) &&
    (named.length === 0 || named.includes(file.replace('.js', ''))),
);

for (const file of files) {
  const { title, limit, measure } = await import(`./${file}`);
  try {
    const value = await measure();
    if (value === undefined) {
      console.log(`- ${title}: not measured`);
      continue;
    }
    const isGood = value <= (limit.most ?? Infinity) && value >= (limit.least ?? -Infinity);
    const bound = limit.most === undefined ? `at least ${limit.least}` : `at most ${limit.most}`;
    console.log(`${isGood ? '✓' : '✗'} ${title}: ${value.toFixed(2)} (${bound})`);
    if (!isGood) process.exitCode = 1;
  } catch (error) {
    console.log(`✗ ${title}: ${error.stack}`);
    process.exitCode = 1;
  }
}
