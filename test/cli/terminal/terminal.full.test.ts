import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { startSilentServer } from '../../helpers/mailbox.ts';
import { needs } from '../../helpers/needs.ts';
import {
  bin,
  cleanEnvironment,
  goodPassword,
  makeSetup,
  plain,
  type Setup,
  susan,
} from '../../helpers/run-reset.ts';

interface Terminal {
  /** everything that was shown so far */
  shown(): string;
  until(text: string | RegExp, from?: number): Promise<void>;
  type(keys: string): void;
  /** how the terminal is set, as `stty -a` says */
  settings(): Promise<string>;
  /** exit code of the command, and what `stty -a` says after it */
  readonly ended: Promise<{ code: number; settings: string }>;
}

/** Runs `reset …` at a real terminal: script(1) opens one. */
function openTerminal({ folder }: Setup, args: readonly string[]): Terminal {
  const command = `${process.execPath} ${bin} ${args.join(' ')}; echo "exit=$?"; stty -a`;
  const child = execa('script', ['-qefc', command, '/dev/null'], {
    ...plain,
    cwd: folder,
    env: cleanEnvironment({ TERM: 'xterm', SHELL: '/bin/sh' }),
    stdin: 'pipe',
    timeout: 40_000,
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  return {
    shown: () => text,
    async until(wanted, from = 0) {
      const isThere = () =>
        typeof wanted === 'string' ? text.includes(wanted, from) : wanted.test(text.slice(from));
      for (const end = Date.now() + 20_000; !isThere(); await sleep(20)) {
        if (Date.now() > end) throw new Error(`The terminal does not show ${String(wanted)}:\n${text}`);
      }
    },
    type: (keys) => child.stdin.write(keys),
    settings: async () => (await execa('stty', ['-F', terminalOf(child.pid ?? 0), '-a'])).stdout,
    ended: child.then(() => {
      const [, code = '', settings = ''] = /exit=(\d+)\r?\n([^]*)$/.exec(text) ?? [];
      return { code: Number(code), settings };
    }),
  };
}

/** The terminal of a process that script started. */
function terminalOf(script: number): string {
  const [child = ''] = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const status = tryRead(`/proc/${pid}/status`);
    return status.includes(`\nPPid:\t${script}\n`);
  });
  return readlinkSync(`/proc/${child}/fd/0`);
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function startPrompt(): Promise<{ setup: Setup; terminal: Terminal }> {
  const setup = await makeSetup();
  await writeFile(join(setup.folder, 'token'), await setup.issue());
  const terminal = openTerminal(setup, ['apply', '--token-file', 'token']);
  await terminal.until('New password for susan@example.com (user 1), at least 15 characters:');
  return { setup, terminal };
}

const hasTerminal = needs('script');

describe.runIf(hasTerminal)('R81: the password prompt', () => {
  it('asks twice, shows nothing of what is typed, and writes the hash', async () => {
    const { setup, terminal } = await startPrompt();
    expect(await terminal.settings()).toMatch(/ -echo /);
    terminal.type(` ${goodPassword} \r`);
    await terminal.until('Once more:');
    terminal.type(` ${goodPassword} \r`);
    const { code, settings } = await terminal.ended;
    expect(code).toBe(0);
    expect(settings).toMatch(/ echo /);
    expect(terminal.shown()).not.toContain(goodPassword);
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    expect(await setup.run(check, { input: ` ${goodPassword} \n` })).toMatchObject({ code: 0 });
  });

  /** Answers both questions; `shown` says how much was on the screen before. */
  const typeTwice = async (terminal: Terminal, first: string, second = first) => {
    terminal.type(`${first}\r`);
    await terminal.until('Once more:', terminal.shown().length - 1);
    terminal.type(`${second}\r`);
  };

  it('gives up when the two differ three times, and changes nothing', async () => {
    const { setup, terminal } = await startPrompt();
    const before = await setup.dump();
    for (let times = 1; times <= 3; times += 1) {
      const from = terminal.shown().length;
      await typeTwice(terminal, goodPassword, `${goodPassword}!`);
      if (times < 3) await terminal.until(/differ[^]*New password for/, from);
    }
    expect((await terminal.ended).code).toBe(8);
    expect(terminal.shown().match(/The two passwords differ/g)).toHaveLength(3);
    expect(await setup.dump()).toBe(before);
  });

  it('asks again after a password that the policy refuses and two that differ', async () => {
    const { setup, terminal } = await startPrompt();
    const mistakes = [
      ['short', 'short', /can't be used[^]*New password for/],
      [goodPassword, 'something else', /differ[^]*New password for/],
    ] as const;
    for (const [first, second, answer] of mistakes) {
      const from = terminal.shown().length;
      await typeTwice(terminal, first, second);
      await terminal.until(answer, from);
    }
    await typeTwice(terminal, goodPassword);
    expect((await terminal.ended).code).toBe(0);
    const check = ['doctor', '--user', susan.email, '--password-stdin'];
    expect(await setup.run(check, { input: goodPassword })).toMatchObject({ code: 0 });
  });

  it.each(['verify', 'apply'])('comes after "Paste the link:" where %s has no token', async (command) => {
    const setup = await makeSetup();
    const token = await setup.issue();
    const terminal = openTerminal(setup, [command]);
    await terminal.until('Paste the link:');
    terminal.type(`<https://accounts.example.com/reset_password/${token}>.\r`);
    if (command === 'apply') {
      await terminal.until('New password for susan@example.com');
      await typeTwice(terminal, goodPassword);
    }
    expect((await terminal.ended).code).toBe(0);
    expect(terminal.shown()).toContain(susan.email);
  });

  it('leaves the terminal clean on Ctrl-C and ends with 130', async () => {
    const { setup, terminal } = await startPrompt();
    const before = await setup.dump();
    terminal.type('half a passw\u0003');
    const { code, settings } = await terminal.ended;
    expect(code).toBe(130);
    expect(settings).toMatch(/ echo /);
    expect(settings).toMatch(/ icanon /);
    expect(terminal.shown()).not.toContain('half a');
    expect(terminal.shown()).not.toMatch(/\n\s+at |Error/);
    expect(await setup.dump()).toBe(before);
  });

  it('is not shown with --no-input', async () => {
    const setup = await makeSetup();
    await writeFile(join(setup.folder, 'token'), await setup.issue());
    const terminal = openTerminal(setup, ['apply', '--token-file', 'token', '--no-input']);
    expect((await terminal.ended).code).toBe(2);
    expect(terminal.shown()).toContain('--password-stdin');
  });
});

describe.runIf(hasTerminal)('Ctrl-C', () => {
  it('ends a send that waits for a silent mail server at once; the mail stays in the outbox', async () => {
    const silent = await startSilentServer();
    const setup = await makeSetup({ 'mail.url': silent.url });
    const child = execa(process.execPath, [bin, 'send', susan.email], {
      ...plain,
      cwd: setup.folder,
      env: cleanEnvironment(),
    });
    const db = await setup.open();
    for (let count = 0; count === 0; await sleep(50))
      count = (await db('reset_outbox').where({ state: 'claimed' })).length;
    const at = Date.now();
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await child;
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'Stopped waiting. The mail is queued: reset status susan@example.com\n',
    });
    expect(Date.now() - at).toBeLessThan(8000); // a silent server is given 10 s
    await silent.close();
  });

  it('clears the line that says what a send waits for', async () => {
    const silent = await startSilentServer();
    const setup = await makeSetup({ 'mail.url': silent.url });
    const terminal = openTerminal(setup, ['send', susan.email]);
    await terminal.until(/Waiting for 127\.0\.0\.1:\d+ \([1-9] s\)/);
    terminal.type('\u0003');
    await terminal.until(
      /\u001b\[2?K[^\n]*Stopped waiting\. The mail is queued: reset status susan@example\.com/,
    );
    await terminal.ended;
    expect(terminal.shown().split('Stopped waiting')[1]).not.toContain('Waiting for');
    await silent.close();
  });

  it('ends a worker after what is under way', async () => {
    const setup = await makeSetup();
    const child = execa(process.execPath, [bin, 'worker'], {
      ...plain,
      cwd: setup.folder,
      env: cleanEnvironment(),
    });
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(130);
  });
});
