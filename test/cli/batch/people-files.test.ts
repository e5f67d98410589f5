import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { makeScene, type Scene } from '../../helpers/batch-scene.ts';
import { addressOf } from '../../helpers/batch-site.ts';
import { bin, cleanEnvironment } from '../../helpers/run-reset.ts';

const summaryOf = (rows: readonly Record<string, unknown>[]) => rows.at(-1);
const planned = (rows: readonly Record<string, unknown>[]) =>
  rows.filter(({ status }) => status === 'planned').map(({ userId }) => userId);

/** In bash, which knows `<(…)`. */
const inShell = ({ site }: Scene, command: string) =>
  execa('bash', ['-c', `reset() { '${process.execPath}' '${bin}' "$@"; }; ${command}`], {
    cwd: site.folder,
    env: cleanEnvironment(),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });

/** Three users. The first is inactive, and has the same address as the second. */
async function makeSharedAddress() {
  const scene = await makeScene(3, {}, { users: { active: 'is_active' } });
  const { db } = scene;
  await db.schema.alterTable('users', (table) => void table.boolean('is_active').defaultTo(true));
  await db('users').where({ id: 1 }).update({ is_active: false });
  await db('users')
    .where({ id: 2 })
    .update({ email: addressOf(1).toUpperCase() });
  return scene;
}

describe('a file of people', () => {
  it.each([
    ['--file', '-'],
    ['--exclude', '/dev/stdin'],
  ])(
    'on standard input needs a folder for its copy, and TMPDIR is named where there is none: %s %s',
    async (...args) => {
      const { site } = await makeScene(3);
      const TMPDIR = join(site.folder, 'missing');
      const all = args[0] === '--exclude' ? ['--all'] : [];
      const ran = await site.run(['send', '--dry-run', ...all, ...args], {
        input: addressOf(2),
        env: { TMPDIR },
      });
      expect([ran.code, ran.stdout, ran.stderr]).toEqual([
        3,
        '',
        expect.stringContaining(`in ${TMPDIR}: it does not exist. Set TMPDIR`),
      ]);
    },
  );

  it.each([
    ['an id with the address of somebody else', `id,email\n1,${addressOf(2)}\n`, `id 1, ${addressOf(2)}`],
    ['an id with an address of nobody', 'id,email\n1,zoe@example.com\n', 'id 1, zoe@example.com'],
  ])('stops at %s, and never chooses either', async (_title, text, words) => {
    const { site, sink, write } = await makeScene(3);
    const file = await write('people.csv', `${text}3,\n`);
    const stopped = await site.run(['send', '--file', file, '--yes']);
    expect([stopped.code, stopped.stderr]).toEqual([
      4,
      expect.stringContaining(`${file}:2 has the id of one person and the address of another: ${words}`),
    ]);
    const ran = await site.run(['send', '--file', file, '--yes', '--ignore-unknown', '--json']);
    expect(ran.rows()[0]).toMatchObject({ userId: null, status: 'skipped', reason: 'line_mismatch' });
    expect(sink.mails.map(({ to }) => to)).toEqual([addressOf(3)]);
  });

  it('takes an id with its own address in another spelling', async () => {
    const { site, write } = await makeScene(2);
    const file = await write('people.csv', `id,email\n1,Susan <${addressOf(1).toUpperCase()}>\n`);
    const ran = await site.run(['send', '--file', file, '--dry-run', '--json']);
    expect(planned(ran.rows())).toEqual(['1']);
  });

  it('chooses the one active user of several on an address', async () => {
    const { site, write } = await makeSharedAddress();
    const ran = await site.run(['send', '--file', await write('a', addressOf(1)), '--dry-run', '--json']);
    expect(planned(ran.rows())).toEqual(['2']);
  });

  it('counts and names what --column reads', async () => {
    const { site, write } = await makeScene(2);
    const file = await write('people.csv', `email,Dienstlich\nx@example.com,${addressOf(2)}\n`);
    const ran = await site.run(['send', '--file', file, '--column', 'dienstlich', '--dry-run', '--json']);
    expect(planned(ran.rows())).toEqual(['2']);
    expect((await site.run(['send', '--all', '--column', 'x', '--dry-run'])).code).toBe(2);
  });

  it.each([
    ['nothing', ''],
    ['a header only', 'email\n'],
  ])('that holds %s is reported, and does not count as success', async (_title, text) => {
    const { site, db, write } = await makeScene(1);
    const file = await write('none.csv', text);
    const ran = await site.run(['send', '--file', file, '--yes', '--json']);
    expect([ran.code, ran.error().message]).toEqual([2, expect.stringContaining('names nobody')]);
    expect(await db('reset_batches')).toEqual([]);
  });
});

describe('a file of people to leave out', () => {
  it('stops everything at a line that names nobody, unless such lines are ignored', async () => {
    const { site, sink, write } = await makeScene(3);
    const file = await write('board.csv', `Board <board@example.com>\n${addressOf(1)}\n`);
    const args = ['send', '--all', '--exclude', file];
    const plan = await site.run([...args, '--lock', '--mail', 'none', '--yes', '--expect', '2']);
    expect([plan.code, plan.stderr]).toEqual([4, expect.stringContaining(`${file}:1 names no user: board@`)]);
    const ran = await site.run([...args, '--yes', '--ignore-unknown', '--json']);
    expect(summaryOf(ran.rows())).toMatchObject({ sent: 2, skipped: 1 });
    expect(sink.mails.map(({ to }) => to)).not.toContain(addressOf(1));
  });

  it('leaves out everybody a contradictory line could mean, when such lines are ignored', async () => {
    const { site, write } = await makeScene(3);
    const args = ['send', '--all', '--dry-run', '--json', '--exclude'];
    const file = await write('hr.csv', `id,email\n1,${addressOf(2)}\n`);
    expect((await site.run([...args, file])).code).toBe(4);
    const ran = await site.run([...args, file, '--ignore-unknown']);
    expect(planned(ran.rows())).toEqual(['3']);
  });

  it('leaves out every user on an address, active or not, so that --lock spares them all', async () => {
    const { site, db, write } = await makeSharedAddress();
    const before = await db('users').orderBy('id').pluck<string[]>('password_hash');
    const file = await write('board.csv', addressOf(1));
    const args = ['--lock', '--mail', 'none', '--yes', '--expect', '1'];
    expect((await site.run(['send', '--all', '--exclude', file, ...args])).code).toBe(0);
    const after = await db('users').orderBy('id').pluck<string[]>('password_hash');
    expect(after.map((encoded, index) => encoded === before[index])).toEqual([true, true, false]);
  });

  it('is refused when it is empty', async () => {
    const { site, write } = await makeScene(1);
    const ran = await site.run(['send', '--all', '--exclude', await write('empty', ''), '--dry-run']);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('nobody would be left out')]);
  });
});

describe('what can be read only once', () => {
  it.each([
    [
      '--exclude <(…)',
      `reset send --dry-run --json --all --exclude <(printf 'email\\n${addressOf(1)}\\n')`,
      ['2'],
    ],
    ['--file <(…)', `reset send --dry-run --json --file <(printf '${addressOf(2)}\\n')`, ['2']],
    [
      '--file /dev/stdin',
      `printf '${addressOf(2)}\\n' | reset send --dry-run --json --file /dev/stdin`,
      ['2'],
    ],
    ['--exclude -', `printf '${addressOf(2)}\\n' | reset send --dry-run --json --all --exclude -`, ['1']],
    ['a FIFO', `mkfifo f; printf '${addressOf(2)}\\n' > f & reset send --dry-run --json --file f`, ['2']],
    [
      'both files',
      `reset send --dry-run --json --file <(printf 'id\\n1\\n2\\n') --exclude <(printf 'id\\n1\\n')`,
      ['2'],
    ],
  ])('%s is read once and kept', async (_title, command, ids) => {
    const ran = await inShell(await makeScene(2), command);
    const rows = ran.stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([ran.exitCode, planned(rows)]).toEqual([0, ids]);
  });

  it('is not standard input for two', async () => {
    const { site } = await makeScene(1);
    const ran = await site.run(['send', '--file', '-', '--exclude', '/dev/stdin', '--dry-run'], {
      input: 'x',
    });
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringContaining('cannot both come from standard input'),
    ]);
  });
});

describe('an address that no mail can be written to', () => {
  const ends = ['\r', '\n', '\t', ' ', '\u00a0', '\u200b', '\ufeff', '.', '\u3000'];

  it('is skipped in plan, --expect and run alike, whatever stands at its end', async () => {
    const { site, sink, db } = await makeScene(ends.length + 2);
    for (const [index, end] of ends.entries()) {
      await db('users')
        .where({ id: index + 1 })
        .update({ email: `${addressOf(index + 1)}${end}` });
    }
    await db('users')
      .where({ id: 5 })
      .update({ email: `\u200b${addressOf(5)}` });
    const plan = await site.run(['send', '--all', '--dry-run', '--json']);
    expect(summaryOf(plan.rows())).toMatchObject({ planned: 2, reasons: { no_address: ends.length } });
    expect((await site.run(['send', '--all', '--yes', '--expect', String(ends.length + 2)])).code).toBe(2);
    const ran = await site.run(['send', '--all', '--yes', '--expect', '2', '--json']);
    expect([ran.code, sink.mails.length]).toEqual([0, 2]);
    const doctor = await site.run(['doctor']);
    expect(doctor.stdout).toContain(`${ends.length} users have addresses that no mail can be sent to`);
  });

  it('is reported if it came after the plan, and the batch is not done', async () => {
    const { site, sink, db } = await makeScene(3);
    const first = await site.run(['send', '--all', '--canary', '1', '--yes', '--json']);
    const id = String(summaryOf(first.rows())?.['batch']);
    await db('users')
      .where({ id: 3 })
      .update({ email: `${addressOf(3)}\r` });
    const resumed = await site.run(['batch', 'resume', id]);
    expect([resumed.code, resumed.stdout]).toEqual([12, expect.stringContaining('no_address')]);
    expect(resumed.stderr).toContain('1 of 3 mails');
    await db('users')
      .where({ id: 3 })
      .update({ email: addressOf(3) });
    const retried = await site.run(['batch', 'retry', id]);
    expect([retried.code, sink.mails.length]).toEqual([0, 3]);
  });
});
