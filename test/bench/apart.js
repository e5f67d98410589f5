import { spawnSync } from 'node:child_process';
import { bin, median } from './measure.js';
import { openPlayground } from './playground.js';
import { openSink } from './smtp-sink.js';

/** Whole processes, in turns, so that both see the same machine. */
const RUNS = 3;
const PLANNED = 50_000;
const MAILED = Number(process.env.RESET_BENCH_MAILS ?? 5000);

export const title = 'planning and delivery with our own tables apart, to beside (as fast as it: 1)';
export const limit = { least: 0.85 };

/** The lower of the two, on SQLite files; undefined without smtp-sink. */
export async function measure() {
  const sink = await openSink();
  if (sink === undefined) return undefined;
  const mail = { url: `smtp://127.0.0.1:${sink.port}`, from: 'bench@example.com', connections: 4 };
  try {
    const plan = await compare(mail, PLANNED, ['--canary', '1', '--expect', String(PLANNED)]);
    console.log(`  planning ${PLANNED}: ${plan.toFixed(2)}`);
    const send = await compare(mail, MAILED, []);
    console.log(`  delivery of ${MAILED}: ${send.toFixed(2)}`);
    return Math.min(plan, send);
  } finally {
    sink.close();
  }
}

async function compare(mail, users, flags) {
  const ratios = [];
  for (let run = 0; run < RUNS; run += 1) {
    const beside = await time({ mail }, users, flags);
    const apart = await time({ mail, isApart: true }, users, flags);
    ratios.push(beside / apart);
  }
  return median(ratios);
}

async function time({ mail, isApart = false }, users, flags) {
  const playground = await openPlayground({ mail }, { isApart });
  try {
    const rows = Array.from({ length: users }, (_, index) => ({
      email: `user${index}@d${index % 200}.example.com`,
    }));
    await playground.app.usersDb.batchInsert('users', rows, 500);
    const start = performance.now();
    const args = ['send', '--all', '--new', '--yes', '--quiet', ...flags];
    const { stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: playground.folder,
      encoding: 'utf8',
    });
    if (stderr !== '') console.log(`  ${stderr.trim()}`);
    return performance.now() - start;
  } finally {
    await playground.close();
  }
}
