import { readFileSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import {
  bin,
  cleanEnvironment,
  goodPassword,
  makeSetup,
  plain,
  type Setup,
  succeed,
  susan,
} from '../../helpers/run-reset.ts';

/** From before the program has read its arguments until after it has ended, on a fast machine and a slow one. */
const DELAYS_MS = [150, 250, 325, 400, 475, 550, 625, 700, 800, 950];

async function runAndKill(
  setup: Setup,
  args: readonly string[],
  delayMs: number,
  input = '',
): Promise<boolean> {
  const child = execa(process.execPath, [bin, ...args], {
    ...plain,
    cwd: setup.folder,
    env: cleanEnvironment(),
    input,
  });
  const killing = sleep(delayMs).then(() => child.kill('SIGKILL'));
  const { signal } = await child;
  await killing;
  return signal === 'SIGKILL';
}

it('R24: an apply that is killed has either done everything or nothing, and then the token is still good', async () => {
  for (const delayMs of DELAYS_MS) {
    const setup = await makeSetup();
    const token = await setup.issue();
    const file = join(setup.folder, 'token');
    await writeFile(file, token);
    await runAndKill(
      setup,
      ['apply', '--token-file', file, '--password-stdin'],
      delayMs,
      `${goodPassword}\n`,
    );

    const db = await setup.open();
    const [{ password_hash: encoded }] = await db('users').select('password_hash');
    const [{ state }] = await db('reset_tokens').select('state');
    const notices = await db('reset_outbox').where({ kind: 'notice' });
    const events = await db('reset_audit').where({ event: 'password_changed' });
    const isDone = encoded !== susan.encoded;
    expect({ state, notices: notices.length, events: events.length }).toEqual(
      isDone ? { state: 'used', notices: 1, events: 1 } : { state: 'live', notices: 0, events: 0 },
    );
    if (!isDone) await succeed(setup.apply(token));
  }
}, 120_000);

it('R24: a send that is killed leaves a mail that a worker delivers, every repeat with the same link', async () => {
  for (const delayMs of DELAYS_MS) {
    const setup = await makeSetup();
    await runAndKill(setup, ['send', susan.email], delayMs);
    const db = await setup.open();
    const queued = await db('reset_outbox');
    await db('reset_outbox').where({ state: 'claimed' }).update({ claimed_until: 0 }); // its lease of 30 s is over
    await succeed(setup.run(['worker', '--once']));
    expect(await db('reset_outbox').whereNot({ state: 'sent' })).toEqual([]);
    const links = linksIn(setup.mailbox);
    expect(links.length).toBeGreaterThanOrEqual(queued.length);
    expect(new Set(links).size).toBe(queued.length);
    for (const link of new Set(links)) await succeed(setup.run(['verify', link]));
  }
}, 120_000);

function linksIn(folder: string): string[] {
  const files = readFolder(folder).filter((file) => file.endsWith('.eml'));
  return files.map((file) => {
    const source = readFileSync(join(folder, file), 'utf8').replaceAll('=\r\n', '').replaceAll('\r', '');
    return /^https:\S+\/reset_password\/eyJ\S+$/m.exec(source)?.[0] ?? '';
  });
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // killed before it was made
  }
}
