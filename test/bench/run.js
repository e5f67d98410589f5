// npm run bench -- [NAME…] [--keep FILE] [--compare FILE]: each number of test/bench, as a ratio to something on the same
// machine in the same run where there is such a thing. A NAME is that of a file, or its first word: listener, start.
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareRuns, describeMachine, keepRun, readRun } from './kept-run.js';

const helpers = [
  'run.js',
  'kept-run.js',
  'free-port.js',
  'with-control.js',
  'page-server.js',
  'measure.js',
  'own-database.js',
  'playground.js',
  'load.js',
  'rank-test.js',
  'smtp-sink.js',
];

const { values: options, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'string' }, compare: { type: 'string' } },
});
const before = options.compare === undefined ? undefined : readRun(options.compare);

/** What is named; without a name what was kept, or everything. */
const isWanted = (name) => {
  if (named.length > 0) return named.some((word) => name === word || name.startsWith(`${word}-`));
  return before === undefined || name in before.figures;
};
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.js') && !helpers.includes(file))
  .map((file) => file.replace('.js', ''))
  .filter(isWanted);
if (names.length === 0) throw new Error(`nothing is called ${named.join(' or ')}`);

const figures = {};
for (const name of names) {
  const { title, limit, measure } = await import(`./${name}.js`);
  try {
    const value = await measure();
    if (value === undefined) {
      console.log(`- ${title}: not measured`);
      continue;
    }
    figures[name] = { title, value, limit };
    const isGood = value <= (limit.most ?? Infinity) && value >= (limit.least ?? -Infinity);
    const bound = limit.most === undefined ? `at least ${limit.least}` : `at most ${limit.most}`;
    console.log(`${isGood ? '✓' : '✗'} ${title}: ${value.toFixed(2)} (${bound})`);
    if (!isGood) process.exitCode = 1;
  } catch (error) {
    console.log(`✗ ${title}: ${error.stack}`);
    process.exitCode = 1;
  }
}

const command = ['npm run bench', ...(named.length > 0 ? ['--', ...named] : [])].join(' ');
const today = { date: new Date().toISOString(), machine: describeMachine(), command, figures };
if (options.keep !== undefined) keepRun(options.keep, today);
if (before !== undefined) console.log(compareRuns(before, today));
