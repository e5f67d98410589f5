import { constants } from 'node:fs';
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { execa, type Options } from 'execa';
import { expect, inject, onTestFinished } from 'vitest';
import { connect, type Db } from '../../src/db/connect.ts';
import { migrateUp } from '../../src/db/migrate.ts';
import { createUsersTable } from '../../src/users/writing/create-users-table.ts';
import { addUser } from '../../src/users/writing/add-user.ts';
import { ledgerOf } from './ledger-of.ts';
import { bin, runInProcess } from './run-in-process.ts';
import { removeFolder } from './temporary-folder.ts';

export { bin };

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

export interface SpawnOptions extends RunOptions {
  /** run as another user of the system */
  readonly uid?: number;
}

/** Nothing of the developer's own environment reaches the program. */
export const cleanEnvironment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  ...more,
});

/** What every test hands to execa: bytes as they are, no exception for an exit code. */
export const plain = { reject: false, stripFinalNewline: false, extendEnv: false } as const satisfies Options;

/** Runs `reset` to its end in this process; stdin is closed unless there is input. */
export async function runReset(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ended = await runInProcess(args, {
    cwd: options.cwd ?? tmpdir(),
    env: cleanEnvironment(options.env),
    timeoutMs: options.timeout ?? 180_000,
    ...(options.input !== undefined && { input: options.input }),
  });
  return ranOf(ended);
}

/** The same in a process of its own, for what only a process can prove. */
export async function spawnReset(args: readonly string[], options: SpawnOptions = {}): Promise<Ran> {
  const { exitCode, stdout, stderr, signal } = await execa(process.execPath, [bin, ...args], {
    ...plain,
    cwd: options.cwd ?? tmpdir(),
    env: cleanEnvironment(options.env),
    timeout: options.timeout ?? 180_000,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
  });
  return ranOf({ code: signal === undefined ? exitCode : undefined, stdout, stderr });
}

const ranOf = ({ code, stdout, stderr }: Pick<Ran, 'code' | 'stdout' | 'stderr'>): Ran => ({
  code,
  stdout,
  stderr,
  rows: () =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  error: () =>
    (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: ReturnType<Ran['error']> }).error,
});

/** A folder of its own for one test, removed at its end. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-cli-'));
  onTestFinished(() => removeFolder(folder));
  return folder;
}

export interface Setup {
  readonly folder: string;
  /** as `.env` says it */
  readonly database: string;
  readonly mailbox: string;
  readonly config: Record<string, unknown>;
  /** `reset …` in the folder, in this process */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** the same in a process of its own */
  spawn(args: readonly string[], options?: SpawnOptions): Promise<Ran>;
  /** a new link's token for Susan */
  issue(...more: readonly string[]): Promise<string>;
  /** `apply --password-stdin` with a token in a file */
  apply(token: string, password?: string, ...more: readonly string[]): Promise<Ran>;
  /** changes reset.config.json: dotted keys */
  configure(changes: Readonly<Record<string, unknown>>): Promise<void>;
  /** a second connection, closed with the test */
  open(): Promise<Db>;
  /** where our own tables are */
  openLedger(): Promise<Db>;
  /** every row of these tables, to see that nothing was changed; without them users, tokens and outbox */
  dump(...tables: readonly string[]): Promise<string>;
}

export const susan = {
  id: '1',
  email: 'susan@example.com',
  name: 'susan',
  password: 'an old password of susan',
  /** of that password */
  encoded: '$2b$10$NDcYJHWG4SZ6QFdvXyw1Ouylzqyi4a35iA8BIWVpnZrNRTRu0Chn.',
};

/** A password that the policy takes. */
export const goodPassword = 'seven green apples on a roof';

/** A migrated database with Susan in it (SQLite unless the changes name another), and a config file: mails go into a folder. */
export async function makeSetup(changes: Readonly<Record<string, unknown>> = {}): Promise<Setup> {
  const folder = await makeFolder();
  const mailbox = join(folder, 'mailbox');
  const database = String(changes['database'] ?? `sqlite:${join(folder, 'app.db')}`);
  const config: Record<string, unknown> = {
    database,
    ledger: ledgerOf(database),
    baseUrl: 'https://accounts.example.com',
    secret: `base64url:${randomBytes(32).toString('base64url')}`,
    mail: { url: `file:${mailbox}`, from: 'Example <noreply@example.com>' },
  };
  const configure: Setup['configure'] = async (more) => {
    for (const [key, value] of Object.entries(more)) setKey(config, key, value);
    await writeFile(join(folder, 'reset.config.json'), JSON.stringify(config), { mode: 0o600 });
  };
  const run: Setup['run'] = (args, options = {}) => runReset(args, { cwd: folder, ...options });
  const spawn: Setup['spawn'] = (args, options = {}) => spawnReset(args, { cwd: folder, ...options });
  const connected = async (url: string) => {
    const db = await connect(url);
    onTestFinished(() => db.destroy());
    return db;
  };
  const open: Setup['open'] = () => connected(database);
  const openLedger: Setup['openLedger'] = () => connected(ledgerOf(database) ?? database);
  await configure(changes);
  await makeTables(database, changes['database'] === undefined ? join(folder, 'app.db') : undefined);
  return {
    folder,
    database,
    mailbox,
    config,
    run,
    spawn,
    configure,
    open,
    openLedger,
    issue: async (...more) => {
      const { stdout } = await succeed(run(['link', susan.email, ...more]));
      return stdout.trim().slice(stdout.lastIndexOf('/') + 1);
    },
    apply: async (token, password = goodPassword, ...more) => {
      const file = join(folder, `token-${randomBytes(4).toString('hex')}`);
      await writeFile(file, `${token}\n`, { mode: 0o600 });
      return run(['apply', '--token-file', file, '--password-stdin', ...more], { input: `${password}\n` });
    },
    dump: async (...tables) => {
      const [db, ours] = [await open(), await openLedger()];
      const names = tables.length > 0 ? tables : ['users', 'reset_tokens', 'reset_outbox'];
      return JSON.stringify(
        await Promise.all(names.map((name) => (name.startsWith('reset_') ? ours : db)(name))),
      );
    },
  };
}

/** In this process, and out of the template (a path of its copy), because it comes before almost every test. */
async function makeTables(database: string, template?: string): Promise<void> {
  const ledger = ledgerOf(database);
  if (template !== undefined) await copyFile(inject('template'), template, constants.COPYFILE_EXCL);
  const db = await connect(database, { mayCreate: true });
  if (template === undefined) {
    if (ledger === undefined) await migrateUp(db);
    await createUsersTable(db);
  }
  if (ledger !== undefined) {
    const ours = await connect(ledger, { mayCreate: true });
    await migrateUp(ours).finally(() => ours.destroy());
  }
  const { email, name, encoded } = susan;
  await addUser(db, { email, username: name, locale: 'en', encoded }, Date.now());
  await db.destroy();
}

/** The output has each of these. */
export function expectSaid(output: string, ...said: readonly string[]): void {
  for (const each of said) expect(output).toContain(each);
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
