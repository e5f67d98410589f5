import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { startMailbox } from '../../helpers/mailbox.ts';
import {
  bin,
  cleanEnvironment,
  makeSetup,
  plain,
  succeed,
  susan,
  type Setup,
} from '../../helpers/run-reset.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** In these, the people of a breach get mail, and one mailbox does not exist. */
const isOfBreach = (path: string): boolean => /README|breach/.test(path);

/** Every line after a prompt, in order. What follows a `<<` belongs to an example file, not to a shell. */
async function readCommands(path: string): Promise<string[]> {
  const text = await readFile(join(root, path), 'utf8');
  const lines = [...text.matchAll(/^ *\$ (.+)$/gm)].map(([, line = '']) => line.replace(/ {2,}#.*$/, ''));
  // Native links lead to a real application's page: test/interop walks those.
  // `init` asks at a terminal: its own tests walk that.
  return lines.filter((line) => !/^npm |^npx |^export |<<|--native|^reset init$/.test(line));
}

/** For a breach: enough people for a canary, and one without a mailbox. */
async function addPeople(setup: Setup): Promise<void> {
  const mailbox = await startMailbox({
    onRcpt: (address) =>
      address.startsWith('vanished@') ? { code: 550, text: 'no such mailbox' } : undefined,
  });
  onTestFinished(() => mailbox.close());
  await setup.configure({ 'mail.url': mailbox.url });
  const names = ['ann', 'bob', 'canary', 'eve', 'joe', 'kim', 'lea', 'vanished'];
  await (
    await setup.open()
  )('users').insert(names.map((name) => ({ email: `${name}@example.com`, password_hash: susan.encoded })));
}

/** A setup in which the examples make sense: a key, people to write to, a column to choose by, a clipboard. */
async function prepare(path: string): Promise<{ setup: Setup; env: Record<string, string> }> {
  const setup = await makeSetup();
  if (isOfBreach(path)) await addPeople(setup);
  await addAccess(setup);
  const db = await setup.open();
  await db.schema.alterTable('users', (table) => void table.string('team'));
  await db('users').update({ team: 'it', locale: 'en' });
  const commands = join(setup.folder, 'bin');
  await mkdir(commands);
  await symlink(bin, join(commands, 'reset'));
  const copy = 'cat > "$HOME/clipboard"';
  const clipboard = { pbcopy: copy, 'wl-copy': copy, pbpaste: 'cat "$HOME/clipboard"' };
  for (const [name, script] of Object.entries(clipboard)) {
    await writeFile(join(commands, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(commands, name), 0o755);
  }
  await writeFile(join(setup.folder, 'events.json'), '[]');
  await writeFile(join(setup.folder, 'reason.txt'), 'Somebody read our table of passwords.\n');
  const PATH = `${commands}:${process.env['PATH'] ?? ''}`;
  return {
    setup,
    env: cleanEnvironment({
      PATH,
      HOME: setup.folder,
      KNOWN: susan.password,
      CI: 'true',
      WAYLAND_DISPLAY: 'w',
    }),
  };
}

/** What `access end`, `require` and `send --end` are about, in columns of the users. */
const access = [
  ['totp', 'otp_enabled'],
  ['recovery-codes', 'otp_codes'],
  ['must-change', 'stale'],
].map(([kind, column = '']) => ({
  kind,
  when: { [column]: true },
  end: [{ set: { [column]: false } }],
  ...(kind === 'must-change' ? { demand: [{ set: { [column]: true } }] } : {}),
}));

async function addAccess(setup: Setup): Promise<void> {
  await setup.configure({ 'users.access': access });
  const db = await setup.open();
  await db.schema.alterTable('users', (table) => {
    for (const column of ['otp_enabled', 'otp_codes', 'stale']) table.boolean(column).defaultTo(false);
  });
}

/** These lines are about somebody who has a second factor, and ask at a terminal. */
const isOfAccess = (line: string): boolean => /^reset (?:access end|require) | --end /.test(line);

async function readyAccess(line: string, setup: Setup): Promise<string> {
  if (!isOfAccess(line)) return line;
  await (await setup.open())('users').update({ otp_enabled: true, otp_codes: true, stale: false });
  return line.includes('--dry-run') ? line : `${line} --yes`;
}

/** Ids and counts in an example come from somebody else's database. */
async function adapt(line: string, { run, open }: Setup): Promise<string> {
  const [batch] = (await run(['batch', 'list', '--json'])).rows();
  const [row] = (await (await open())('users').count({ count: '*' })) as [{ count: number }];
  return line
    .replaceAll('5f0c1d2e3a4b', String(batch?.['batch'] ?? ''))
    .replace(/--expect \d+/, `--expect ${row.count}`);
}

/** The words of a line that a shell would only split; undefined for any other line. */
function wordsOf(line: string): string[] | undefined {
  const isPlain = /^reset (?!serve\b)[\w ./:@=,%+'-]+$/.test(line);
  return isPlain
    ? (line.match(/(?:[^\s']|'[^']*')+/g) ?? []).slice(1).map((word) => word.replaceAll("'", ''))
    : undefined;
}

async function tryCommand(line: string, setup: Setup, env: Record<string, string>) {
  const adapted = await adapt(await readyAccess(line, setup), setup);
  const words = wordsOf(adapted);
  if (words !== undefined) {
    const { code: exitCode, stdout, stderr } = await setup.run(words, { env });
    return { line, exitCode, all: stdout + stderr };
  }
  const script = `set -o pipefail; ${adapted}`;
  // A listener runs until it gets a signal.
  const isService = /^reset serve\b/.test(line);
  const ran = execa('bash', ['-c', isService ? `exec ${script.split('; ')[1]}` : script], {
    ...plain,
    cwd: setup.folder,
    env,
    timeout: 60_000,
    all: true,
    stdin: 'ignore',
  });
  if (isService) ran.all.on('data', (chunk: Buffer) => chunk.includes('Listening') && ran.kill('SIGTERM'));
  const { exitCode, all } = await ran;
  return { line, exitCode, all };
}

/** The command lines of this document work, in its order. */
export async function expectCommandsWork(path: string): Promise<void> {
  const commands = await readCommands(path);
  expect(commands.length).toBeGreaterThan(0);
  const { setup, env } = await prepare(path);
  await succeed(setup.run(['keygen', '--out', 'reset.key']));
  const failed = [];
  for (const line of commands.filter((each) => each !== 'reset keygen --out reset.key')) {
    const tried = await tryCommand(line, setup, env);
    // A batch with a missing mailbox ends with 12, and the example then says what to do.
    const isToAll = / batch (resume|retry) |--skip-if-changed-since \S+ --yes$/.test(line);
    const expected = isOfBreach(path) && isToAll ? 12 : 0;
    if (tried.exitCode !== expected) failed.push(tried);
  }
  expect(failed).toEqual([]);
}
