import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../helpers/free-port.ts';
import { startMailbox, type Mailbox } from '../../helpers/mailbox.ts';
import { expectSaid, makeSetup, succeed, susan, type Setup } from '../../helpers/run-reset.ts';
import { startReset } from '../../helpers/start-reset.ts';

const onSusan = ['--email', susan.email, '--allow'];

const users = async (setup: Setup) =>
  JSON.stringify(await (await setup.open())('users').select('id', 'email', 'password_hash'));
const journal = async (setup: Setup) => (await setup.open())('reset_smoke');

/** Which step failed, and that the last one put everything back. */
const failedStep = (stdout: string) => /^✗ (.*?): /m.exec(stdout)?.[1];

/** `reset serve` of a set-up, until the test ends. */
async function serve(setup: Setup, port: number): Promise<string> {
  const served = startReset(setup, ['serve', '--port', String(port)]);
  await expect.poll(served.log).toContain('Listening on');
  return `http://127.0.0.1:${port}`;
}

/** The part of Mailpit's API that a run reads, over the mails that a real SMTP server accepted. */
async function startCatcher(mailbox: Mailbox): Promise<string> {
  const server = createServer((request, response) => {
    const raw = /^\/api\/v1\/message\/(\d+)\/raw$/.exec(request.url ?? '');
    if (raw) {
      response.end(mailbox.messages[Number(raw[1])]?.raw);
      return;
    }
    if (!request.url?.startsWith('/api/v1/messages?')) {
      response.writeHead(404).end();
      return;
    }
    const messages = mailbox.messages.map(({ parsed }, index) => ({
      ID: String(index),
      MessageID: parsed.messageId?.slice(1, -1),
    }));
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ total: messages.length, messages }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function startMail(options: Parameters<typeof startMailbox>[0] = {}): Promise<Mailbox> {
  const mailbox = await startMailbox(options);
  onTestFinished(() => mailbox.close());
  return mailbox;
}

describe('reset smoke', () => {
  it('goes through a whole reset of a marked user, and leaves the hash as it was', async () => {
    const setup = await makeSetup({ 'smoke.user': susan.email });
    const before = await users(setup);
    const { stdout } = await succeed(setup.run(['smoke']));
    expect(stdout.match(/^✓ /gm)).toHaveLength(13);
    expectSaid(
      stdout,
      'test user: user 1, susan@example.com',
      'clean start: nothing to restore',
      'templates render: ok',
      "(reset's own; yours: --mailbox)",
      'two GETs and a HEAD',
      'the link works only once: the second use answers 410',
      'the user is as before: user 1 has the old hash again',
    );
    expect(stdout).not.toContain('eyJ');
    expect(await users(setup)).toBe(before);
    expect(await journal(setup)).toEqual([]);
    const tokens = (await setup.open())('reset_tokens');
    expect(await tokens.where({ state: 'live' })).toEqual([]);
  });

  it('creates a user of its own if none is named, and removes it', async () => {
    const setup = await makeSetup();
    const before = await users(setup);
    const { rows } = await succeed(setup.run(['smoke', '--json']));
    expect(rows()).toHaveLength(13);
    expect(rows().at(-1)).toEqual({
      step: 'the user is as before',
      class: 'restore',
      status: 'ok',
      ms: expect.any(Number),
      message: expect.stringMatching(/^removed reset-smoke-/),
    });
    expect(await users(setup)).toBe(before);
  });

  it('refuses a user who is not marked as a test user, and changes nothing', async () => {
    const setup = await makeSetup();
    const before = await users(setup);
    const { code, stdout } = await setup.run(['smoke', '--email', susan.email]);
    expect(code).toBe(4);
    expect(stdout).toContain('is not marked as a test user');
    expect(await users(setup)).toBe(before);
  });

  it('takes the mails out of the mailbox of the real mail server: a folder, or a catcher with the API of Mailpit', async () => {
    const setup = await makeSetup();
    await succeed(setup.run(['smoke', ...onSusan, '--mailbox', `file:${setup.mailbox}`]));
    const mailbox = await startMail();
    await setup.configure({ 'mail.url': mailbox.url });
    await succeed(setup.run(['smoke', ...onSusan, '--mailbox', await startCatcher(mailbox)]));
    expect(mailbox.messages).toHaveLength(2);
  });

  it('walks the pages that are deployed, and writes a report for CI', async () => {
    const [port, mailbox] = [await findFreePort(), await startMail()];
    const setup = await makeSetup({ baseUrl: `http://127.0.0.1:${port}`, 'mail.url': mailbox.url });
    const url = await serve(setup, port);
    const report = join(setup.folder, 'smoke.xml');
    await succeed(
      setup.run([
        'smoke',
        ...onSusan,
        '--url',
        url,
        '--mailbox',
        await startCatcher(mailbox),
        '--junit',
        report,
      ]),
    );
    const xml = await readFile(report, 'utf8');
    expect(xml).toContain('<testsuite name="reset smoke" tests="13" failures="0"');
    expect(xml).toContain('classname="reset.smoke.single-use" name="the link works only once"');
    const blind = await succeed(setup.run(['smoke', ...onSusan, '--url', url]));
    expect(blind.stdout).toContain('to check its content, give --mailbox');
  });

  it('is put right by the next run when it was killed in the middle', async () => {
    const setup = await makeSetup();
    const before = await users(setup);
    const mailbox = await startMail({ delayMs: 30_000 });
    await setup.configure({ 'mail.url': mailbox.url });
    for (const user of [onSusan, []]) {
      const seen = mailbox.messages.length;
      const run = startReset(setup, ['smoke', ...user, '--mailbox', `file:${setup.mailbox}`]);
      await mailbox.waitFor(seen + 1);
      await run.kill();
      expect(await users(setup)).not.toBe(before);
      expect(await journal(setup)).toHaveLength(1);
    }
    await setup.configure({ 'mail.url': `file:${setup.mailbox}` });
    const { stdout } = await succeed(setup.run(['smoke']));
    expect(stdout).toMatch(/restored: removed reset-smoke-\w+@example\.com/);
    expect(await users(setup)).toBe(before);
    expect(await journal(setup)).toEqual([]);
  });
});

/** A template of the operator's own; smoke needs no more flags for it. */
async function rewriteMail(setup: Setup, kind: 'reset' | 'notice', text: string): Promise<readonly string[]> {
  const folder = join(setup.folder, 'templates', 'mail', kind);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'text.ejs'), text);
  await setup.configure({ templates: join(setup.folder, 'templates') });
  return [];
}

/** Everything that can go wrong in a chain: what is broken, which step says so, and the exit code. */
const SABOTAGES: readonly {
  readonly name: string;
  readonly step: string;
  readonly code: number;
  readonly sabotage: (setup: Setup) => Promise<readonly string[]>;
}[] = [
  {
    name: 'the template loses the link',
    step: 'templates render',
    code: 3,
    sabotage: (setup) => rewriteMail(setup, 'reset', 'Good for <%= duration %>.'),
  },
  {
    name: 'the mail server refuses',
    step: 'the mail server accepts the mail',
    code: 10,
    sabotage: async (setup) => {
      const mailbox = await startMail({ onRcpt: () => ({ code: 550, text: 'no such mailbox' }) });
      await setup.configure({ 'mail.url': mailbox.url });
      return ['--mailbox', `file:${setup.mailbox}`];
    },
  },
  {
    name: 'the base URL is wrong',
    step: 'the mail contains the link',
    code: 5,
    sabotage: async (setup) => ['--url', await serve(setup, await findFreePort())],
  },
  {
    name: 'the hash format is one that the application refuses',
    step: 'the stored hash accepts the new password and not the old one',
    code: 8,
    sabotage: async (setup) => {
      await setup.configure({ 'users.hash': 'argon2' });
      return [];
    },
  },
  {
    name: 'a link works more than once',
    step: 'the link works only once',
    code: 7,
    sabotage: async (setup) => {
      const [port, front] = [await findFreePort(), await findFreePort()];
      await setup.configure({ baseUrl: `http://127.0.0.1:${front}` });
      await serve(setup, port);
      const proxy = createServer((request, response) => {
        const { url: path, method, headers } = request;
        const through = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
          response.writeHead(answer.statusCode === 410 ? 303 : (answer.statusCode ?? 500), answer.headers);
          answer.pipe(response);
        });
        request.pipe(through);
      });
      await new Promise<void>((resolve) => proxy.listen(front, '127.0.0.1', resolve));
      onTestFinished(() => void proxy.close());
      return ['--url', `http://127.0.0.1:${front}`];
    },
  },
  {
    name: 'the notice is missing',
    step: 'the notice arrives',
    code: 10,
    sabotage: async (setup) => {
      await rewriteMail(setup, 'notice', '<%= nobody.knows %>');
      return ['--timeout', '3s'];
    },
  },
];

describe('reset smoke fails with the right step, and puts everything back, when', () => {
  it.each(SABOTAGES)('$name', async ({ step, code, sabotage }) => {
    const setup = await makeSetup();
    const before = await users(setup);
    const more = await sabotage(setup);
    const ran = await setup.run(['smoke', ...onSusan, ...more]);
    expect({ step: failedStep(ran.stdout), code: ran.code }).toEqual({ step, code });
    expect(ran.stdout).toContain('✓ the user is as before: ');
    expect(await users(setup)).toBe(before);
    expect(await journal(setup)).toEqual([]);
  });
});
