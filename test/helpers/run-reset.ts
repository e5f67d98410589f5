import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { execa, type Options } from 'execa';
import { onTestFinished } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';

/** The program as it is installed. */
export const bin = fileURLToPath(new URL('../../bin/reset.js', import.meta.url));

export interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON, a row a line */
  rows(): Record<string, unknown>[];
  /** the error on the last line of stderr */
  error(): { code: string; message: string; details: Record<string, unknown> };
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly cwd?: string;
}

/** Nothing of the developer's own environment reaches the program. */
export const cleanEnvironment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  ...more,
});

/** What every test hands to execa: bytes as they are, no exception for an exit code. */
export const plain = { reject: false, stripFinalNewline: false, extendEnv: false } as const satisfies Options;

/** Runs `reset` to its end; stdin is closed unless there is input. */
export async function runReset(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { exitCode, stdout, stderr, signal } = await execa(process.execPath, [bin, ...args], {
    ...plain,
    cwd: options.cwd ?? tmpdir(),
    env: cleanEnvironment(options.env),
    timeout: options.timeout ?? 60_000,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  return {
    code: signal === undefined ? exitCode : undefined,
    stdout,
    stderr,
    rows: () =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    error: () =>
      (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: ReturnType<Ran['error']> }).error,
  };
}

/** A folder of its own for one test, removed at its end. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Setup {
  readonly folder: string;
  /** as `.env` says it */
  readonly database: string;
  readonly mailbox: string;
  readonly config: Record<string, unknown>;
  /** `reset …` in the folder */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** a new link's token for Susan */
  issue(...more: readonly string[]): Promise<string>;
  /** changes reset.config.json: dotted keys */
  configure(changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** a second connection, closed with the test */
  open(): Promise<Db>;
  /** every row of every table but the throttle's, to see that nothing was changed */
  dump(): Promise<string>;
}

export const susan = { email: 'susan@example.com', password: 'an old password of susan' };

/** A migrated SQLite database with Susan in it, and a config file: mails go into a folder. */
export async function makeSetup(changes: Readonly<Record<string, unknown>> = {}): Promise<Setup> {
  const folder = await makeFolder();
  const mailbox = join(folder, 'mailbox');
  const database = `sqlite:${join(folder, 'app.db')}`;
  const config: Record<string, unknown> = {
    database,
    baseUrl: 'https://accounts.example.com',
    secret: `base64url:${randomBytes(32).toString('base64url')}`,
    mail: { url: `file:${mailbox}`, from: 'Example <noreply@example.com>' },
  };
  const configure: Setup['configure'] = async (more) => {
    for (const [key, value] of Object.entries(more)) setKey(config, key, value);
    await writeFile(join(folder, 'reset.config.json'), JSON.stringify(config), { mode: 0o600 });
  };
  const run: Setup['run'] = (args, options = {}) => runReset(args, { cwd: folder, ...options });
  const open: Setup['open'] = async () => {
    const db = await connect(database);
    onTestFinished(() => db.destroy());
    return db;
  };
  await configure(changes);
  await succeed(run(['migrate', '--quiet']));
  await succeed(
    run(['user', 'add', susan.email, '--name', 'susan', '--password-stdin'], {
      input: `${susan.password}\n`,
    }),
  );
  return {
    folder,
    database,
    mailbox,
    config,
    run,
    configure,
    open,
    issue: async (...more) => {
      const { stdout } = await succeed(run(['link', susan.email, ...more]));
      return stdout.trim().slice(stdout.lastIndexOf('/') + 1);
    },
    dump: async () => {
      const db = await open();
      const tables = await db('sqlite_master').where({ type: 'table' }).orderBy('name').pluck('name');
      const kept = tables.filter((name: string) => !/^(sqlite_|reset_throttle)/.test(name));
      const rows = await Promise.all(kept.map(async (name: string) => [name, await db(name)]));
      return JSON.stringify(rows);
    },
  };
}

/** The result of a command that a test takes for granted. */
export async function succeed(running: Promise<Ran>): Promise<Ran> {
  const ran = await running;
  if (ran.code !== 0) throw new Error(`exit ${String(ran.code)}: ${ran.stderr}${ran.stdout}`);
  return ran;
}

function setKey(config: Record<string, unknown>, key: string, value: unknown): void {
  const parts = key.split('.');
  const leaf = parts.pop() ?? key;
  const holder = parts.reduce((node, part) => (node[part] ??= {}) as Record<string, unknown>, config);
  if (value === undefined) delete holder[leaf];
  else holder[leaf] = value;
}
