// A run of the bench as a file: { date, machine, command, figures: { NAME: { title, value, limit } } }.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Two runs of the same program differ by less on a machine that does nothing else. */
const NOISE = 0.1;

export function readRun(file) {
  const run = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof run.figures !== 'object') throw new Error(`${file} is not a kept run`);
  return run;
}

export const keepRun = (file, run) => writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`);

/** `2 × Intel Xeon, 8 GB, Linux 6.1, Node v20.19.0` */
export function describeMachine() {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} × ${first?.model ?? 'unknown'}, ${memory}, ${type()} ${release()}, Node ${process.version}`;
}

/** A table of 80 columns: what was kept, today, and how much better or worse that is. */
export function compareRuns(before, today) {
  const names = Object.keys({ ...before.figures, ...today.figures }).sort();
  const lines = names.map((name) => lineOf(name, before.figures[name], today.figures[name]));
  const machines =
    before.machine === today.machine
      ? []
      : [`Another machine: ${before.machine}.`, `Today:           ${today.machine}.`];
  return [
    '',
    `Kept on ${before.date.slice(0, 10)}, compared with ${today.date.slice(0, 10)}`,
    ...machines,
    '',
    ['figure'.padEnd(24), 'kept'.padStart(10), 'today'.padStart(10), 'change'.padStart(9), '  bound'].join(
      '',
    ),
    ...lines,
  ].join('\n');
}

function lineOf(name, kept, measured) {
  const limit = (measured ?? kept).limit;
  const bound = limit.most === undefined ? `≥ ${limit.least}` : `≤ ${limit.most}`;
  const change =
    kept === undefined || measured === undefined ? '' : changeOf(kept.value, measured.value, limit);
  const said = change === '' || Math.abs(change) <= NOISE ? '' : change < 0 ? '  worse' : '  better';
  return [
    name.padEnd(24),
    show(kept).padStart(10),
    show(measured).padStart(10),
    (change === '' ? '–' : percent(change)).padStart(9),
    `  ${bound}`.padEnd(14),
    said,
  ]
    .join('')
    .trimEnd();
}

/** Above 0 when today is better. */
const changeOf = (kept, today, limit) => (limit.most === undefined ? today / kept : kept / today) - 1;

const percent = (share) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(0)} %`;

function show(figure) {
  if (figure === undefined) return '–';
  return figure.value >= 1000 ? figure.value.toFixed(0) : figure.value.toPrecision(3);
}
