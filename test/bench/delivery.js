import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { composeReset } from '../../dist/mail/compose.js';
import { createRenderer } from '../../dist/render/render-template.js';
import { bin, median } from './measure.js';
import { withDatabase } from './own-database.js';
import { openPlayground } from './playground.js';
import { findProgram, openSink } from './smtp-sink.js';

/** Whole processes from start to end: all else (start-up, planning, the ledger, the report) is ours to pay. */
const MAILS = Number(process.env.RESET_BENCH_MAILS ?? 10_000);
const RUNS = 3;
const CONNECTIONS = 4;
/** What Django's form is given: it is slow. */
const FEW = 1000;
/** As long as our mail is in MIME. */
const MAIL_BYTES = 7500;

export const title = `delivery of ${MAILS} mails with the ledger, to a bare nodemailer pool`;
export const limit = { least: 0.7 };

/** The lowest of the ratios on SQLite and, where TEST_PG_URL is set, PostgreSQL; undefined without smtp-sink. */
export async function measure() {
  const sink = await openSink();
  if (sink === undefined) return undefined;
  const { port } = sink;
  try {
    const ratios = [await compare('sqlite', port, {})];
    const url = process.env.TEST_PG_URL;
    if (url !== undefined)
      ratios.push(await withDatabase(url, (database) => compare('postgres', port, { database })));
    tellOthers(port);
    return Math.min(...ratios);
  } finally {
    sink.close();
  }
}

async function compare(name, port, changes) {
  const playground = await openPlayground({
    ...changes,
    mail: { url: `smtp://127.0.0.1:${port}`, from: 'bench@example.com', connections: CONNECTIONS },
  });
  const { usersDb: db } = playground.app;
  const rows = Array.from({ length: MAILS }, (_, index) => ({
    email: `user${index}@d${index % 20}.example.com`,
  }));
  await db.batchInsert('users', rows, 500);
  const pairs = [];
  // In turns, so that both see the same machine.
  for (let run = 0; run < RUNS; run += 1) {
    const bare = time(process.execPath, [fileURLToPath(import.meta.url), 'bare-pool', String(port)]);
    const ours = time(
      process.execPath,
      [bin, 'send', '--all', '--new', '--yes', '--quiet'],
      playground.folder,
    );
    pairs.push({ bare, ours });
  }
  await playground.close();
  const [bare, ours] = [median(pairs.map((pair) => pair.bare)), median(pairs.map((pair) => pair.ours))];
  console.log(`  ${name}: ${perSecond(ours)} mails a second, bare pool ${perSecond(bare)}`);
  return median(pairs.map((pair) => pair.bare / pair.ours));
}

/** For orientation: the ceiling, and what people use today. */
function tellOthers(port) {
  const source = findProgram('smtp-source');
  if (source !== undefined) {
    const ends = ['-f', 'bench@example.com', '-t', 'user@example.com', `127.0.0.1:${port}`];
    const ms = time(source, ['-s', CONNECTIONS, '-m', MAILS, '-l', MAIL_BYTES, ...ends].map(String));
    console.log(`  smtp-source: ${perSecond(ms)} mails a second`);
  }
  const django = fileURLToPath(new URL('django_loop.py', import.meta.url));
  const python = ['/usr/bin/python3', 'python3'].find(
    (path) => spawnSync(path, ['-c', 'import django']).status === 0,
  );
  if (python === undefined) return;
  const ms = time(python, [django, String(port), String(FEW)]);
  console.log(`  Django's PasswordResetForm in a loop: ${perSecond(ms, FEW)} mails a second`);
}

const perSecond = (ms, mails = MAILS) => Math.round((mails * 1000) / ms);

function time(program, args, cwd) {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

/** What it is compared with: the same mail, rendered once, to as many addresses, with nothing remembered. */
async function sendBare(port) {
  const { createTransport } = await import('nodemailer');
  const pool = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  });
  const now = Date.now();
  const { subject, text, html, headers } = composeReset(createRenderer(), {
    appName: 'Bench',
    baseUrl: 'https://accounts.example.com',
    from: { address: 'bench@example.com' },
    email: 'user@example.com',
    name: null,
    locale: 'en',
    timeZone: 'UTC',
    messageId: '<bench@example.com>',
    requestedBy: 'operator',
    occasion: 'batch',
    link: `https://accounts.example.com/reset_password/${'x'.repeat(400)}`,
    issuedAt: now,
    expiresAt: now + 86_400_000,
  });
  const mails = Array.from({ length: MAILS }, (_, index) =>
    pool.sendMail({
      from: 'bench@example.com',
      to: `user${index}@d${index % 20}.example.com`,
      subject,
      text,
      html,
      headers,
    }),
  );
  await Promise.all(mails);
  pool.close();
}

if (process.argv[2] === 'bare-pool') await sendBare(Number(process.argv[3]));
