import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { parseDatabaseUrl } from '../../src/db/connect.ts';
import type { TestDatabase } from './databases.ts';
import { cleanEnvironment, plain } from './run-reset.ts';

const program = fileURLToPath(new URL('kill-before.js', import.meta.url));

/** One statement of a command, by its beginning. */
export interface Statement {
  readonly sql: string;
  /** which of several; the first without it */
  readonly nth?: number;
  /** it counts from this one on, on the same database */
  readonly after?: string;
}

/** One of the statements with which a command writes to two databases. */
export interface WritingStep extends Statement {
  readonly name: string;
  readonly at: 'users' | 'ledger';
  /** what is written to the users' database is committed by then */
  readonly isWritten?: true;
}

/** What every command does that writes to both: the intent, and the last COMMIT. */
export const intent = {
  declared: { name: 'the intent is declared', at: 'ledger', sql: '^insert into .reset_intents' },
  committed: { name: 'the intent is committed', at: 'ledger', sql: '^COMMIT' },
  held: { name: 'the intent is held', at: 'ledger', sql: '^update .reset_intents' },
  dropped: { name: 'the intent is dropped', at: 'ledger', sql: '^delete from .reset_intents' },
  followed: { name: 'the rest is committed', at: 'ledger', sql: '^COMMIT', nth: 2, isWritten: true },
} as const satisfies Record<string, WritingStep>;

/** Those before which nothing of the users is written yet. */
export const unwritten = (steps: readonly WritingStep[]): WritingStep[] =>
  steps.filter(({ isWritten }) => isWritten !== true);

/** Runs `reset …` until just before it takes this step. */
export const killBeforeStep = (
  args: readonly string[],
  { url, ledgerUrl }: TestDatabase,
  step: WritingStep,
  at: { readonly cwd: string; readonly input?: string },
): Promise<void> => killBefore(args, { url: step.at === 'users' ? url : ledgerUrl, ...step }, at);

/** Runs `reset …` until just before it sends this statement to this database. Throws when it ends in any other way. */
export async function killBefore(
  args: readonly string[],
  { url, sql, nth = 1, after }: Statement & { readonly url: string },
  { cwd, input = '' }: { readonly cwd: string; readonly input?: string },
): Promise<void> {
  const target = parseDatabaseUrl(url);
  const database = target.dialect === 'sqlite' ? target.path : target.database;
  const { exitCode, stderr, signal } = await execa(process.execPath, [program, ...args], {
    ...plain,
    cwd,
    input,
    env: cleanEnvironment({ KILL_BEFORE: JSON.stringify({ database, sql, nth, after }) }),
  });
  if (signal !== 'SIGKILL') throw new Error(`It was not killed (exit ${exitCode}): ${stderr}`);
}
