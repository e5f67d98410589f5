import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bin } from './measure.js';
import { openPlayground } from './playground.js';
import { openSink } from './smtp-sink.js';

/** 1,000,000 takes its time: RESET_BENCH_USERS=1000000 npm run bench -- memory */
const SIZES = [1000, Number(process.env.RESET_BENCH_USERS ?? 20_000)];
const READ_MS = 50;

export const title = `megabytes resident while ${SIZES.join(' and ')} mails are planned and delivered`;
export const limit = { most: 200 };

/** The peak of the process, by the kernel's own account (VmHWM); undefined where there is none. */
export async function measure() {
  const sink = await openSink();
  if (sink === undefined || process.platform !== 'linux') return undefined;
  try {
    const peaks = [];
    for (const users of SIZES) {
      peaks.push(await peakOf(users, sink.port));
      console.log(`  ${users} users: ${Math.round(peaks.at(-1))} MB`);
    }
    return Math.max(...peaks);
  } finally {
    sink.close();
  }
}

async function peakOf(users, port) {
  const mail = { url: `smtp://127.0.0.1:${port}`, from: 'bench@example.com', connections: 4 };
  const playground = await openPlayground({ mail });
  const { usersDb: db } = playground.app;
  for (let first = 0; first < users; first += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, users - first) }, (_, index) => ({
      email: `user${first + index}@d${index % 20}.example.com`,
    }));
    await db.batchInsert('users', rows, 500);
  }
  const peak = await watch(['send', '--all', '--yes', '--quiet'], playground.folder);
  await playground.close();
  return peak;
}

function watch(args, cwd) {
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let peak = 0;
  child.stderr.on('data', (data) => (said += data));
  const timer = setInterval(() => {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readStatus(child.pid)) ?? [];
    peak = Math.max(peak, Number(kilobytes) / 1024);
  }, READ_MS);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peak);
      else reject(new Error(said));
    });
  });
}

function readStatus(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}
