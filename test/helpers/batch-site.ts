import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { createUsersTable } from '../../src/users/writing/create-users-table.ts';
import { bin, cleanEnvironment, plain, runReset, type Ran, type RunOptions } from './run-reset.ts';
import { removeFolder } from './temporary-folder.ts';

export interface BatchSite {
  readonly folder: string;
  /** `reset …` with this site's configuration */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** the same, to be killed; with its own clock ahead by this much */
  start(args: readonly string[], aheadMs?: number): Started;
  remove(): Promise<void>;
}

/** What execa gives for these options. */
export type Started = ReturnType<typeof startReset>;

const clockAhead = fileURLToPath(new URL('clock-ahead.js', import.meta.url));

const startReset = (folder: string, args: readonly string[], aheadMs = 0) =>
  execa(process.execPath, ['--import', clockAhead, bin, ...args], {
    ...plain,
    cwd: folder,
    env: cleanEnvironment({ CLOCK_AHEAD_MS: String(aheadMs) }),
    stdin: 'ignore',
  });

export interface SiteOptions {
  readonly db: Db;
  readonly url: string;
  readonly mailUrl: string;
  readonly users: number;
  readonly config?: Readonly<Record<string, unknown>>;
  /** domains over which the addresses are spread */
  readonly domains?: number;
}

export const addressOf = (index: number, domains = 7): string =>
  `user${index}@d${index % domains}.example.com`;

/** A migrated database with many users, and a folder with a configuration. */
export async function makeBatchSite(options: SiteOptions): Promise<BatchSite> {
  const { db, url, mailUrl, users, config = {}, domains = 7 } = options;
  await migrateUp(db);
  await createUsersTable(db);
  const rows = Array.from({ length: users }, (_, index) => ({
    email: addressOf(index + 1, domains),
    username: `user${index + 1}`,
    password_hash: '$2b$10$NDcYJHWG4SZ6QFdvXyw1Ouylzqyi4a35iA8BIWVpnZrNRTRu0Chn.',
  }));
  await db.batchInsert('users', rows, 500);
  const folder = await mkdtemp(join(tmpdir(), 'reset-batch-'));
  const settings = {
    database: url,
    baseUrl: 'https://accounts.example.com',
    secret: `base64url:${randomBytes(32).toString('base64url')}`,
    mail: { url: mailUrl, from: 'Example <noreply@example.com>' },
    ...config,
  };
  await writeFile(join(folder, 'reset.config.json'), JSON.stringify(settings), { mode: 0o600 });
  return {
    folder,
    run: (args, more = {}) => runReset(args, { cwd: folder, timeout: 300_000, ...more }),
    start: (args, aheadMs) => startReset(folder, args, aheadMs),
    remove: () => removeFolder(folder),
  };
}
