import { spawnSync } from 'node:child_process';
import { bin, median } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';
import { openSink } from './smtp-sink.js';

/** Whole processes, in turns, so that both see the same machine. */
const RUNS = 3;
const PLANNED = 50_000;
const MAILED = Number(process.env.RESET_BENCH_MAILS ?? 5000);

export const title = 'planning and delivery with our own tables apart, to beside (as fast as it: 1)';
export const limit = { least: 0.85 };

/** Where users are kept, and our tables when they are apart; SQLite where a URL is missing. */
const pairs = () => {
  const { TEST_PG_URL: postgres, TEST_MYSQL_URL: mysql } = process.env;
  return [
    { name: 'SQLite with SQLite' },
    postgres !== undefined && { name: 'PostgreSQL with SQLite', users: postgres },
    postgres !== undefined &&
      mysql !== undefined && { name: 'MariaDB with PostgreSQL', users: mysql, ledger: postgres },
  ].filter((pair) => pair !== false);
};

/** The lowest of all; undefined without smtp-sink. */
export async function measure() {
  const sink = await openSink();
  if (sink === undefined) return undefined;
  const mail = { url: `smtp://127.0.0.1:${sink.port}`, from: 'bench@example.com', connections: 4 };
  const ratios = [];
  try {
    for (const pair of pairs()) {
      const plan = await compare(pair, mail, PLANNED, ['--canary', '1', '--expect', String(PLANNED)]);
      const send = await compare(pair, mail, MAILED, []);
      console.log(
        `  ${pair.name}: planning ${PLANNED} ${plan.toFixed(2)}, delivery of ${MAILED} ${send.toFixed(2)}`,
      );
      ratios.push(plan, send);
    }
    return Math.min(...ratios);
  } finally {
    sink.close();
  }
}

/** Two servers are as fast as the slower of them. */
async function compare({ users, ledger }, mail, count, flags) {
  const ratios = [];
  for (let run = 0; run < RUNS; run += 1) {
    const besides = [];
    for (const server of ledger === undefined ? [users] : [users, ledger])
      besides.push(await onServer(server, (database) => time({ mail, ...database }, false, count, flags)));
    const apart = await onServer(users, (database) =>
      onServer(ledger, ({ database: url }) =>
        time({ mail, ...database, ...(url === undefined ? {} : { ledger: url }) }, true, count, flags),
      ),
    );
    ratios.push(Math.max(...besides) / apart);
  }
  return median(ratios);
}

const onServer = (url, work) =>
  url === undefined ? work({}) : withDatabase(url, (database) => work({ database }));

async function time(changes, isApart, users, flags) {
  const playground = await openPlayground(changes, { isApart });
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
