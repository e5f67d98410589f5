import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Db } from '../../../src/db/connect.ts';
import { startMailbox } from '../../helpers/mailbox.ts';
import {
  bin,
  cleanEnvironment,
  goodPassword,
  makeSetup,
  type Setup,
  succeed,
  susan,
} from '../../helpers/run-reset.ts';
import { untilWaiting } from '../../helpers/start-apply.ts';

/** A started `reset …` that can't end before it is killed, because it prints into a full pipe. */
interface Doomed {
  readonly pid: number;
  give(input: string): void;
  /** kills it; throws if it has ended by itself */
  kill(): Promise<void>;
}

function startDoomed(setup: Setup, args: readonly string[]): Doomed {
  const pipe = join(setup.folder, 'full');
  execFileSync('mkfifo', [pipe]);
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  fill(fd);
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: setup.folder,
    env: cleanEnvironment(),
    stdio: ['pipe', fd, fd],
  });
  const ended = once(child, 'exit');
  onTestFinished(() => {
    child.kill('SIGKILL');
    closeSync(fd);
  });
  return {
    pid: child.pid ?? 0,
    give: (input) => void child.stdin?.end(`${input}\n`),
    async kill() {
      child.kill('SIGKILL');
      const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
      if (signal !== 'SIGKILL') throw new Error('It ended before it was killed.');
    },
  };
}

function fill(fd: number): void {
  try {
    for (;;) writeSync(fd, Buffer.alloc(4096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}

const until = (isSo: () => Promise<boolean>): Promise<void> =>
  expect.poll(isSo, { timeout: 60_000, interval: 20 }).toBe(true);

/** Nobody else writes until the test has ended. */
async function holdDatabase(db: Db): Promise<void> {
  await db.raw('begin immediate');
}

/** Queueing a mail takes a long time, in the middle of the transaction. */
const slowDown = (db: Db): Promise<unknown> =>
  db.raw(
    'create trigger slow after insert on reset_outbox begin select (with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000) select max(i) from n); end',
  );

/** Does somebody hold the lock of a transaction that writes? */
async function isBeingWritten(db: Db): Promise<boolean> {
  await db.raw('pragma busy_timeout = 0');
  try {
    await db.raw('begin immediate');
    await db.raw('rollback');
    return false;
  } catch {
    return true;
  }
}

/** Where the kill happens, how to get there, and whether the password has been changed by then. */
const APPLY = [
  ['while it waits for its password', false],
  ['while another program holds the database', false],
  ['in the middle of its transaction', false],
  ['after its transaction, before it could say so', true],
] as const;

it.each(APPLY)(
  'R24: an apply that is killed %s has done everything or nothing, and then the token is still good',
  async (where, isDone) => {
    const setup = await makeSetup();
    const token = await setup.issue();
    const file = join(setup.folder, 'token');
    await writeFile(file, token, { mode: 0o600 });
    const db = await setup.open();
    if (where === 'in the middle of its transaction') await slowDown(db);

    const apply = startDoomed(setup, ['apply', '--token-file', file, '--password-stdin']);
    await untilWaiting(apply.pid);
    if (where === 'while another program holds the database') await holdDatabase(db);
    if (where !== 'while it waits for its password') apply.give(goodPassword);
    if (where === 'while another program holds the database') await untilWaiting(apply.pid);
    if (where === 'in the middle of its transaction') await until(() => isBeingWritten(db));
    if (isDone) await until(async () => (await db('reset_tokens').where({ state: 'used' })).length === 1);
    await apply.kill();
    if (where === 'while another program holds the database') await db.raw('rollback');

    const [{ password_hash: encoded }] = await db('users').select('password_hash');
    const [{ state }] = await db('reset_tokens').select('state');
    const notices = await db('reset_outbox').where({ kind: 'notice' });
    const events = await db('reset_audit').where({ event: 'password_changed' });
    expect({
      isChanged: encoded !== susan.encoded,
      state,
      notices: notices.length,
      events: events.length,
    }).toEqual(
      isDone
        ? { isChanged: true, state: 'used', notices: 1, events: 1 }
        : { isChanged: false, state: 'live', notices: 0, events: 0 },
    );
    await db.raw('drop trigger if exists slow');
    if (!isDone) await succeed(setup.apply(token));
  },
);

const SEND = [
  ['in the middle of its transaction', 0, 0],
  ['with the mail in the hands of the mail server', 1, 1],
  ['after the mail was noted as sent', 1, 1],
] as const;

it.each(SEND)(
  'R24: a send that is killed %s leaves no mail that a worker does not deliver, every repeat with the same link',
  async (where, queued, mails) => {
    // A server that answers only when everything is over.
    const isHeldUp = where === 'with the mail in the hands of the mail server';
    const mailbox = await startMailbox({ delayMs: isHeldUp ? 600_000 : 0 });
    onTestFinished(() => mailbox.close());
    const setup = await makeSetup();
    await setup.configure({ 'mail.url': mailbox.url });
    const db = await setup.open();
    if (where === 'in the middle of its transaction') await slowDown(db);

    const send = startDoomed(setup, ['send', susan.email]);
    if (where === 'in the middle of its transaction') await until(() => isBeingWritten(db));
    if (isHeldUp) await mailbox.waitFor(1, 60_000);
    if (where === 'after the mail was noted as sent')
      await until(async () => (await db('reset_outbox').where({ state: 'sent' })).length === 1);
    await send.kill();

    expect([(await db('reset_outbox')).length, mailbox.messages.length]).toEqual([queued, mails]);
    await db.raw('drop trigger if exists slow');
    await setup.configure({ 'mail.url': `file:${setup.mailbox}` });
    await db('reset_outbox').where({ state: 'claimed' }).update({ claimed_until: 0 }); // its lease of 30 s is over
    await succeed(setup.run(['worker', '--once']));
    expect(await db('reset_outbox').whereNot({ state: 'sent' })).toEqual([]);
    const links = [
      ...mailbox.messages.map(({ parsed }) => linkIn(parsed.text ?? '')),
      ...linksIn(setup.mailbox),
    ];
    expect(links).toHaveLength(isHeldUp ? 2 : mails);
    expect(new Set(links).size).toBe(queued);
    for (const link of new Set(links)) await succeed(setup.run(['verify', link]));
  },
);

const linkIn = (text: string): string => /^https:\S+\/reset_password\/eyJ\S+$/m.exec(text)?.[0] ?? '';

function linksIn(folder: string): string[] {
  const files = readFolder(folder).filter((file) => file.endsWith('.eml'));
  return files.map((file) => {
    const source = readFileSync(join(folder, file), 'utf8').replaceAll('=\r\n', '').replaceAll('\r', '');
    return linkIn(source);
  });
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was sent into it
  }
}
